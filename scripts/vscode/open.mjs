/**
 * Serves a VS Code with this extension for your own browser: `node scripts/vscode/open.mjs [folder]`, the samples
 * without a folder. Runs until Ctrl-C. For machines without VS Code Desktop; `npm run build` first.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

registerCommonJs();
register();
const require = createRequire(import.meta.url);
const { startServer } = require('./server.ts');
const { windowAddress } = require('./launch.ts');

const extensionPath = resolve(import.meta.dirname, '..', '..');
const workspace = resolve(process.argv[2] ?? resolve(extensionPath, 'samples'));
const server = await startServer();
console.log(`Open ${windowAddress(server, { workspace, extensionPath })}\nCtrl-C ends it.`);
