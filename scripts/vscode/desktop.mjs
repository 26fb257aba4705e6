/**
 * Runs the extension host's tests in VS Code Desktop, downloaded by @vscode/test-electron: `npm run test:desktop`, after
 * `npm run build`. Needs a display (on Linux: `xvfb-run -a npm run test:desktop`) and VS Code's download site.
 */
import { createRequire } from 'node:module';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';

registerCommonJs();
register();
const { runDesktopTests } = createRequire(import.meta.url)('./desktop.ts');
process.exit(await runDesktopTests());
