import { join } from 'node:path';
import { build } from 'esbuild';
import { readOutcomes, type TestOutcome } from './results.js';
import { temporaryFolder } from './lifetime.js';
import { projectRoot } from './tools.js';
import { launchVscode } from './launch.js';

/** Name of the environment variable that tells the tests where to write their outcomes. */
export const outcomesVariable = 'MODEL_REBASE_TEST_OUTCOMES';

function entrySource(files: readonly string[]): string {
  const imports = files.map((file) => `await import(${JSON.stringify(`./${file}`)});`).join('\n');
  return `
    import { runMocha } from './scripts/vscode/mochaRun.ts';
    import { writeJson } from './scripts/vscode/results.ts';
    export async function run() {
      const outcomes = await runMocha(async () => { ${imports} }, 20000);
      writeJson(process.env.${outcomesVariable}, outcomes);
    }`;
}

/** Bundles test files for the extension host: `vscode` comes from the host, mocha from node_modules. */
export async function bundleTests(files: readonly string[]): Promise<string> {
  const outfile = join(projectRoot, 'out', 'vscode', 'hostTests.js');
  await build({
    stdin: { contents: entrySource(files), resolveDir: projectRoot, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['vscode', 'mocha', 'webgpu', 'gl'],
    sourcemap: 'inline',
    logLevel: 'warning',
    outfile,
  });
  return outfile;
}

/**
 * Runs test files with mocha inside a real extension host that has the extension loaded.
 * @param files Paths relative to the project's root.
 * @param workspace Folder to open; tests may write in it.
 */
export async function runHostTests(files: readonly string[], workspace: string): Promise<readonly TestOutcome[]> {
  const outcomesPath = join(temporaryFolder('outcomes'), 'outcomes.json');
  const extensionTestsPath = await bundleTests(files);
  const log: string[] = [];
  let exited: (code: number) => void = () => undefined;
  const exit = new Promise<number>((resolve) => (exited = resolve));
  const listener = { log: (line: string) => log.push(line), exit: (code: number) => exited(code) };
  const environment = { [outcomesVariable]: outcomesPath };
  const window = await launchVscode({ workspace, extensionPath: projectRoot, extensionTestsPath, environment }, listener);
  const timer = setTimeout(() => exited(-1), 180_000);
  const code = await exit;
  clearTimeout(timer);
  await window.close();
  if (code !== 0) throw new Error(`The extension host's tests ended with code ${code}:\n${log.slice(-40).join('\n')}`);
  return readOutcomes(outcomesPath);
}
