import Mocha from 'mocha';
import type { TestOutcome } from './results.js';

/** Says nothing: the outcomes are collected instead. */
class SilentReporter extends Mocha.reporters.Base {}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Runs mocha (bdd) in this process and returns every test's outcome. `load` must import the test files.
 * A failing hook counts as a failed test, because the tests behind it did not run.
 * @param afterFailure Called with the title of each test that failed, before the next one.
 */
export async function runMocha(
  load: () => Promise<void>,
  timeout: number,
  afterFailure?: (title: string) => Promise<void>,
): Promise<TestOutcome[]> {
  const mocha = new Mocha({ ui: 'bdd', timeout, reporter: SilentReporter, grep: process.env['MOCHA_GREP'] ?? '' });
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, 'tests', mocha);
  mocha.suite.afterEach(async function (this: Mocha.Context) {
    if (this.currentTest?.state === 'failed') await afterFailure?.(this.currentTest.fullTitle());
  });
  await load();
  const outcomes: TestOutcome[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    const record = (state: TestOutcome['state']) => (test: Mocha.Runnable, error?: unknown) =>
      outcomes.push({
        path: test.titlePath(),
        state,
        milliseconds: test.duration ?? 0,
        ...(error === undefined ? {} : { error: errorText(error) }),
      });
    runner.on('pass', record('passed'));
    runner.on('fail', record('failed'));
    runner.on('pending', record('skipped'));
  });
  return outcomes;
}
