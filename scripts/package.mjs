/**
 * Makes VSIX files in out/: for this platform, for `--target linux-x64` (repeatable), or with `--all` for every platform.
 * A VSIX holds the bundles and, of the native parts, only the WebGPU binary of its own platform.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';

const root = join(import.meta.dirname, '..');

/** VS Code's platforms, with the folder of the `webgpu` package that serves them; null where it has no binary. */
const webgpuFolders = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-armhf': null,
  'alpine-x64': null,
  'alpine-arm64': null,
  'darwin-x64': 'darwin-universal',
  'darwin-arm64': 'darwin-universal',
  'win32-x64': 'win32-x64',
  'win32-arm64': 'win32-arm64',
};

/** Bundles that only development and the terminal use, and what maps code back to its sources. */
const leftOut = /(^|[\\/])(cli|bench\w*)\.js$|\.map$/;

const shipped = ['dist', 'media', 'samples', 'README.md', 'LICENSE', 'CHANGELOG.md', '.vscodeignore'];

const developmentKeys = ['private', 'scripts', 'bin', 'dependencies', 'devDependencies', 'overrides'];

function chosenTargets() {
  const { values } = parseArgs({
    options: { target: { type: 'string', multiple: true }, all: { type: 'boolean' }, 'no-build': { type: 'boolean' } },
  });
  const targets = values.all ? Object.keys(webgpuFolders) : (values.target ?? [`${process.platform}-${process.arch}`]);
  const unknown = targets.find((target) => !(target in webgpuFolders));
  if (unknown !== undefined) throw new Error(`Unknown target ${unknown}: expected one of ${Object.keys(webgpuFolders).join(', ')}.`);
  return { targets, build: values['no-build'] !== true };
}

/** The manifest without what only development needs; its dependencies are inside the bundles. */
function shippedManifest() {
  const manifest = Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return Object.fromEntries(manifest.filter(([key]) => !developmentKeys.includes(key)));
}

/** Puts the package where `require('webgpu')` of the bundles in dist/ finds it. */
function copyWebgpu(stage, folder) {
  const from = join(root, 'node_modules', 'webgpu');
  const to = join(stage, 'dist', 'node_modules', 'webgpu');
  mkdirSync(to, { recursive: true });
  for (const name of ['index.js', 'package.json', 'LICENSE.md']) cpSync(join(from, name), join(to, name));
  cpSync(join(from, 'dist', folder), join(to, 'dist', folder), { recursive: true });
}

function stageFiles(stage, target) {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of shipped) {
    if (!existsSync(join(root, name))) throw new Error(`${name} is missing: the package cannot be made without it.`);
    cpSync(join(root, name), join(stage, name), { recursive: true, filter: (path) => !leftOut.test(path) });
  }
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(shippedManifest(), null, 2)}\n`);
  const folder = webgpuFolders[target];
  if (folder !== null) copyWebgpu(stage, folder);
}

async function packageFor(target) {
  const { name, version } = shippedManifest();
  const stage = join(root, 'out', 'package', target);
  const packagePath = join(root, 'out', `${name}-${version}-${target}.vsix`);
  stageFiles(stage, target);
  await createVSIX({ cwd: stage, packagePath, target, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  rmSync(stage, { recursive: true, force: true });
  console.log(`${packagePath}  ${(statSync(packagePath).size / 1e6).toFixed(1)} MB`);
}

const { targets, build } = chosenTargets();
if (build) execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
for (const target of targets) await packageFor(target);
