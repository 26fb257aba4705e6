/** Writes into package.json what is generated from the code; with `--check`, only says whether it is there. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentTools } from '../src/agent/index.js';
import { commandContributions } from '../src/extension/commands.js';
import { toolContributions } from '../src/extension/agent/toolContributions.js';

interface Manifest {
  /** The one place that names the repository. */
  readonly repository: { readonly url: string };
  bugs: object;
  homepage: string;
  readonly contributes: Record<string, unknown>;
}

const path = join(__dirname, '..', 'package.json');
const before = readFileSync(path, 'utf8');
const manifest = JSON.parse(before) as Manifest;
const page = manifest.repository.url.replace(/^git\+/u, '').replace(/\.git$/u, '');
manifest.bugs = { url: `${page}/issues` };
manifest.homepage = `${page}#readme`;
manifest.contributes['commands'] = commandContributions();
manifest.contributes['languageModelTools'] = toolContributions(agentTools);
const after = `${JSON.stringify(manifest, null, 2)}\n`;

if (process.argv.includes('--check')) {
  if (after !== before) {
    console.error('package.json is not what the code says. Run: npm run manifest');
    process.exitCode = 1;
  }
} else writeFileSync(path, after);
