/** Builds dist/: one bundle per process or page, the WebAssembly kernels, and tables that are read when they are asked for. `--watch` rebuilds on change. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { context } from 'esbuild';

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, '..');
const watch = process.argv.includes('--watch');

const shared = { bundle: true, metafile: true, sourcemap: true, absWorkingDir: root, logLevel: 'warning', outdir: 'dist' };

/** What few commands need is a bundle of its own, loaded on first use: gpu.js (1.3 MB), the MCP SDK (0.5 MB), the panels' drawing code. */
const apart = [
  [/^gpu\.js$/, './gpuJs.js'],
  [/\/mcpSdk\.js$/, './mcpSdk.js'],
  [/\/pictures\/index\.js$/, './pictures.js'],
];

const loadedApart = {
  name: 'loaded-apart',
  setup(build) {
    for (const [filter, path] of apart) {
      build.onResolve({ filter }, ({ kind }) => (kind === 'entry-point' ? undefined : { path, external: true }));
    }
  },
};

/** Bundles for Node. `vscode` is the host's, `webgpu` and `onnxruntime-node` are native, `gl` is an optional part of gpu.js that is never used. */
const node = {
  ...shared,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Less to parse at every start; names stay for stack traces, and source maps lie beside.
  minifyWhitespace: true,
  minifySyntax: true,
  external: ['vscode', 'webgpu', 'gl', 'onnxruntime-node'],
  entryPoints: {
    extension: 'src/extension/extension.ts',
    engine: 'src/engine/process.ts',
    worker: 'src/compute/worker.ts',
    tokenizerWorker: 'src/model/tokenizer/tokenizerWorker.ts',
    modelWorker: 'src/evaluate/forward/modelWorker.ts',
    cli: 'src/cli/main.ts',
    gpuJs: 'gpu.js',
    mcpSdk: 'src/cli/mcp/mcpSdk.ts',
    pictures: 'src/pictures/index.ts',
  },
  plugins: [loadedApart],
};

const webview = {
  ...shared,
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  minify: true,
  entryPoints: {
    diffPanel: 'src/webview/diffPanel.ts',
    checkpointPanel: 'src/webview/checkpointPanel.ts',
    connectivityPanel: 'src/webview/connectivityPanel.ts',
    lineagePanel: 'src/webview/lineagePanel.ts',
  },
  outdir: 'dist/webview',
};

function buildKernels() {
  const compiler = require.resolve('assemblyscript/bin/asc.js', { paths: [dirname(require.resolve('assemblyscript/package.json'))] });
  // The constants of the kernels lie above everything that their layouts put into the first 64 KiB.
  const memory = ['--importMemory', '--memoryBase', '57344'];
  const flags = ['--enable', 'simd', '--runtime', 'stub', ...memory, '--noAssert', '-O3', '--outFile', 'dist/kernels.wasm'];
  execFileSync(process.execPath, [compiler, 'src/compute/assembly/index.ts', ...flags], { cwd: root, stdio: 'inherit' });
}

/** Folders of packages that code of a bundle comes from. */
function packagesOf({ inputs, outputs }) {
  const used = Object.values(outputs).flatMap((output) =>
    Object.keys(output.inputs).filter((input) => output.inputs[input].bytesInOutput > 0),
  );
  const folders = used.filter((input) => input in inputs).map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]);
  return folders.filter((folder) => folder !== undefined);
}

mkdirSync(join(root, 'dist'), { recursive: true });
mkdirSync(join(root, 'out'), { recursive: true });
buildKernels();
copyFileSync(join(root, 'src/model/settings/libraryDefaults.txt'), join(root, 'dist', 'libraryDefaults.txt'));
const packages = new Set();
for (const options of [node, webview]) {
  const bundle = await context(options);
  const { metafile } = await bundle.rebuild();
  for (const folder of packagesOf(metafile)) packages.add(folder);
  if (watch) await bundle.watch();
  else await bundle.dispose();
}
// For scripts/notices.mjs: whose licences have to come along.
writeFileSync(join(root, 'out', 'bundled.json'), `${JSON.stringify([...packages].sort(), null, 2)}\n`);
