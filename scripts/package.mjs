/**
 * Makes VSIX files in out/: for this platform, for `--target linux-x64` (repeatable), or with `--all` for every platform.
 * A VSIX holds the bundles and, of the native parts, only the binaries of its own platform.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';

const root = join(import.meta.dirname, '..');

/**
 * VS Code's platforms, with the folders of the `webgpu` and `onnxruntime-node` packages that serve them; null where there
 * is no binary: then the SIMD engine computes differences, and models are scored by an outside command only.
 */
const nativeFolders = {
  'linux-x64': { webgpu: 'linux-x64', onnxruntime: 'linux/x64' },
  'linux-arm64': { webgpu: 'linux-arm64', onnxruntime: 'linux/arm64' },
  'linux-armhf': { webgpu: null, onnxruntime: null },
  'alpine-x64': { webgpu: null, onnxruntime: null },
  'alpine-arm64': { webgpu: null, onnxruntime: null },
  'darwin-x64': { webgpu: 'darwin-universal', onnxruntime: null },
  'darwin-arm64': { webgpu: 'darwin-universal', onnxruntime: 'darwin/arm64' },
  'win32-x64': { webgpu: 'win32-x64', onnxruntime: 'win32/x64' },
  'win32-arm64': { webgpu: 'win32-arm64', onnxruntime: 'win32/arm64' },
};

/**
 * Bundles that only development uses, what maps code back to its sources, and the sample that no first step needs. Fine-tuning is
 * run by the command line's bundle.
 */
const leftOut = /(^|[\\/])bench\w*\.js$|\.map$|[\\/]samples[\\/]unrelated([\\/]|$)/;

const notices = ['THIRD_PARTY_NOTICES.md', 'notices'];
const shipped = ['dist', 'media', 'schemas', 'samples', 'LICENSE', 'CHANGELOG.md', '.vscodeignore', ...notices];

const developmentKeys = ['files', 'publishConfig', 'scripts', 'bin', 'optionalDependencies', 'devDependencies', 'overrides'];

function chosenTargets() {
  const { values } = parseArgs({
    options: { target: { type: 'string', multiple: true }, all: { type: 'boolean' }, 'no-build': { type: 'boolean' } },
  });
  const targets = values.all ? Object.keys(nativeFolders) : (values.target ?? [`${process.platform}-${process.arch}`]);
  const unknown = targets.find((target) => !(target in nativeFolders));
  if (unknown !== undefined) throw new Error(`Unknown target ${unknown}: expected one of ${Object.keys(nativeFolders).join(', ')}.`);
  return { targets, build: values['no-build'] !== true };
}

/** The manifest without what only development needs; its dependencies are inside the bundles. */
function shippedManifest() {
  const manifest = Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return Object.fromEntries(manifest.filter(([key]) => !developmentKeys.includes(key)));
}

/** Copies parts of an installed package to where the bundles in dist/ require it from. */
function copyPackage(stage, name, parts) {
  const from = join(root, 'node_modules', name);
  const to = join(stage, 'dist', 'node_modules', name);
  for (const part of parts) cpSync(join(from, part), join(to, part), { recursive: true, filter: (path) => !/\.(map|d\.ts)$/.test(path) });
}

function copyNative(stage, { webgpu, onnxruntime }) {
  if (webgpu !== null) copyPackage(stage, 'webgpu', ['index.js', 'package.json', 'LICENSE.md', `dist/${webgpu}`]);
  if (onnxruntime === null) return;
  copyPackage(stage, 'onnxruntime-node', ['package.json', 'dist', `bin/napi-v6/${onnxruntime}`]);
  copyPackage(stage, 'onnxruntime-common', ['package.json', 'dist/cjs']);
}

/**
 * The page of the store and of VS Code. Both show pictures of the web only, neither files that lie beside it nor data in it, so that
 * they come from the repository at this version; while there is none, the page does without.
 */
function storePage() {
  const { repository, version } = shippedManifest();
  const [, place] = /github\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(repository.url) ?? [];
  const hasPlace = place !== undefined && !place.startsWith('OWNER/');
  const onTheWeb = (_, alt, path) => (hasPlace ? `![${alt}](https://raw.githubusercontent.com/${place}/v${version}/docs/${path})\n\n` : '');
  return readFileSync(join(root, 'docs', 'store.md'), 'utf8').replace(/!\[([^\]]*)\]\((images\/[^)]+)\)\n\n/g, onTheWeb);
}

function stageFiles(stage, target) {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of shipped) {
    if (!existsSync(join(root, name))) throw new Error(`${name} is missing: the package cannot be made without it.`);
    cpSync(join(root, name), join(stage, name), { recursive: true, filter: (path) => !leftOut.test(path) });
  }
  writeFileSync(join(stage, 'README.md'), storePage());
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(shippedManifest(), null, 2)}\n`);
  copyNative(stage, nativeFolders[target]);
}

async function packageFor(target) {
  const { name, version } = shippedManifest();
  const stage = join(root, 'out', 'package', target);
  const packagePath = join(root, 'out', `${name}-${version}-${target}.vsix`);
  stageFiles(stage, target);
  await createVSIX({ cwd: stage, packagePath, target, dependencies: false, rewriteRelativeLinks: false });
  rmSync(stage, { recursive: true, force: true });
  console.log(`${packagePath}  ${(statSync(packagePath).size / 1e6).toFixed(1)} MB`);
}

const { targets, build } = chosenTargets();
if (build) execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
for (const target of targets) await packageFor(target);
