/**
 * The whole test run: build, types and lint, unit tests, panels in a browser, the extension in a real VS Code.
 * Ends with one line of totals over all suites. Exit code 1 when anything failed or a suite did not report.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const out = join(root, 'out');
const node = process.execPath;
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
const chromium = '/usr/lib/chromium';
const swiftShader = join(chromium, 'vk_swiftshader_icd.json');

/** Suites report through a totals file, so that a suite that dies early cannot pass as an empty one. */
const suites = [
  { name: 'unit', command: [node, mocha, 'test/unit/**/*.test.ts'], environment: engineEnvironment },
  {
    name: 'integration',
    command: [node, mocha, '--config', '.mocharc.integration.json', 'test/integration/**/*.test.ts'],
    environment: engineEnvironment,
  },
  { name: 'webview', command: [node, mocha, '--config', '.mocharc.webview.json', 'test/webview/**/*.test.ts'], environment: () => ({}) },
  { name: 'vscode', command: [node, 'scripts/vscode/runTests.mjs'], environment: () => ({}) },
];

/** With the software adapter of Debian's Chromium the WebGPU path runs everywhere; where it is present, no engine may be missing. */
function engineEnvironment() {
  if (!existsSync(swiftShader)) return {};
  const runtime = join(out, 'runtime');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  return {
    VK_ICD_FILENAMES: swiftShader,
    LD_LIBRARY_PATH: chromium,
    XDG_RUNTIME_DIR: runtime,
    MODEL_REBASE_REQUIRE_ENGINES: 'simd,webgpu,webasm',
  };
}

function run(title, [program, ...args], environment = {}) {
  console.log(`\n== ${title}`);
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } });
  return status === 0;
}

function runSuite({ name, command, environment }) {
  const file = join(out, `${name}-results.json`);
  rmSync(file, { force: true });
  const succeeded = run(`${name} tests`, command, { ...environment(), MODEL_REBASE_TOTALS: file });
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const totals = JSON.parse(readFileSync(file, 'utf8'));
  return { ...totals, failed: totals.failed + (succeeded || totals.failed > 0 ? 0 : 1) };
}

const prepared =
  run('browser', [node, 'scripts/installBrowser.mjs']) &&
  run('build', [node, 'scripts/build.mjs']) &&
  run('notices', [node, 'scripts/notices.mjs', '--check']) &&
  run('types', [node, join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit']) &&
  run('import circles', [node, 'scripts/importCircles.mjs']) &&
  run('manifest', [node, '--import', 'tsx', 'scripts/manifest.ts', '--check']) &&
  run('lint', [node, join(root, 'node_modules', 'eslint', 'bin', 'eslint.js'), '.']) &&
  run('format', [node, join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs'), '--check', '.']);
const results = prepared ? suites.map(runSuite) : [{ passed: 0, failed: 1, skipped: 0 }];
const sum = (field) => results.reduce((total, result) => total + result[field], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
