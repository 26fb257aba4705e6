import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runHostTests } from './hostTests.js';
import { runMocha } from './mochaRun.js';
import { describeOutcomes, type TestOutcome, totalsOf, writeJson } from './results.js';
import { projectRoot } from './tools.js';
import { closeBrowser, lookAtWindows } from './launch.js';
import { makeWorkspace } from '../../test/vscode/support/workspace.js';

const groups = ['host', 'ui', 'vsix'] as const;
type Group = (typeof groups)[number];

/** Test files of one group, relative to the project's root. */
function testFiles(group: Group): string[] {
  const folder = join('test', 'vscode', group);
  if (!existsSync(join(projectRoot, folder))) return [];
  const names = readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith('.test.ts'));
  return names.sort().map((name) => `test/vscode/${group}/${name}`);
}

/** The tests that run inside the extension host. */
export function hostTestFiles(): string[] {
  return testFiles('host');
}

async function importFiles(files: readonly string[]): Promise<void> {
  for (const file of files) await import(pathToFileURL(join(projectRoot, file)).href);
}

async function runGroup(group: Group): Promise<readonly TestOutcome[]> {
  const files = testFiles(group);
  if (files.length === 0) throw new Error(`test/vscode/${group} holds no tests.`);
  if (group === 'host') return runHostTests(files, await makeWorkspace());
  return runMocha(() => importFiles(files), 120_000, lookAtWindows);
}

/** A group that could not run at all is one failed test. */
async function runGroupSafely(group: Group): Promise<readonly TestOutcome[]> {
  const start = Date.now();
  try {
    return await runGroup(group);
  } catch (error) {
    return [{ path: [group, 'runs'], state: 'failed', milliseconds: Date.now() - start, error: String(error) }];
  }
}

function isGroup(name: string): name is Group {
  return (groups as readonly string[]).includes(name);
}

/**
 * Runs the named groups of VS Code tests, all without names, and writes `out/vscode-results.json`.
 * @returns the exit code: 0 when something passed and nothing failed.
 */
export async function runVscodeTests(args: readonly string[]): Promise<number> {
  const unknown = args.find((name) => !isGroup(name));
  if (unknown !== undefined) throw new Error(`Unknown group of tests "${unknown}": expected ${groups.join(', ')}.`);
  const start = Date.now();
  const outcomes: TestOutcome[] = [];
  for (const group of args.length === 0 ? groups : args.filter(isGroup)) {
    const ended = await runGroupSafely(group);
    console.log(describeOutcomes(ended));
    outcomes.push(...ended);
  }
  await closeBrowser();
  const totals = totalsOf(outcomes);
  writeJson(join(projectRoot, 'out', 'vscode-results.json'), totals);
  console.log(
    `\n  ${totals.passed} passing (${Math.round((Date.now() - start) / 1000)} s)\n  ${totals.failed} failing\n  ${totals.skipped} skipped`,
  );
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}
