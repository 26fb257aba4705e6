import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** How one test ended. */
export interface TestOutcome {
  /** Suite titles and the test's own. */
  readonly path: readonly string[];
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly milliseconds: number;
  /** Message and stack of a failure. */
  readonly error?: string;
}

export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function totalsOf(outcomes: readonly TestOutcome[]): Totals {
  const count = (state: TestOutcome['state']): number => outcomes.filter((outcome) => outcome.state === state).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
}

export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value, null, 2));
}

export function readOutcomes(path: string): readonly TestOutcome[] {
  return JSON.parse(readFileSync(path, 'utf8')) as readonly TestOutcome[];
}

const marks = { passed: '✔', failed: '✘', skipped: '-' } as const;

/** The outcomes as text, suites as headings. */
export function describeOutcomes(outcomes: readonly TestOutcome[]): string {
  const lines: string[] = [];
  let heading = '';
  for (const outcome of outcomes) {
    const suite = outcome.path.slice(0, -1).join(' › ');
    if (suite !== heading) lines.push('', `  ${suite}`);
    heading = suite;
    lines.push(`    ${marks[outcome.state]} ${outcome.path.at(-1) ?? ''} (${outcome.milliseconds} ms)`);
    if (outcome.error !== undefined) lines.push(stripVTControlCharacters(outcome.error).replaceAll(/^/gm, '        '));
  }
  return lines.join('\n');
}
