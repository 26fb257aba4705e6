import { describeCoverage, verdictOf, type DiffReport } from '../compare/report/index.js';
import { formatNumber } from '../base/format.js';
import type { CheckpointParts } from '../checkpoint/index.js';
import type { ExitCode, Io } from './io.js';
import { runJob } from './runJob.js';
import { textTable } from './textTable.js';
import { messageOf } from '../base/errors.js';

/** A part that two pipelines have, or only one of them, or that is only named. */
export interface PartPair {
  readonly name: string;
  /** Addresses. */
  readonly a: string | null;
  readonly b: string | null;
}

/** What comparing a part came to. */
type PartResult =
  | { readonly name: string; readonly kind: 'compared'; readonly report: DiffReport }
  | { readonly name: string; readonly kind: 'only-a' | 'only-b' | 'absent' }
  | { readonly name: string; readonly kind: 'failed'; readonly message: string };

/** The parts of two pipelines by their names; null where one of the two is no pipeline. */
export async function matchParts(a: string, b: string, io: Io): Promise<readonly PartPair[] | null> {
  const [partsA, partsB] = await Promise.all([runJob('checkpoint/parts', { path: a }, io), runJob('checkpoint/parts', { path: b }, io)]);
  if (partsA === null || partsB === null) return null;
  const named = [partsA.parts.map(({ name }) => name), partsB.parts.map(({ name }) => name), partsA.absent, partsB.absent];
  return [...new Set(named.flat())].map((name) => ({ name, a: addressOf(name, partsA), b: addressOf(name, partsB) }));
}

function addressOf(name: string, { parts }: CheckpointParts): string | null {
  return parts.find((part) => part.name === name)?.address ?? null;
}

/** Compares part by part. A part that cannot be compared does not keep the others from it. */
export async function diffParts(
  pairs: readonly PartPair[],
  compare: (a: string, b: string, part: string) => Promise<DiffReport>,
  signal: AbortSignal,
): Promise<readonly PartResult[]> {
  const results: PartResult[] = [];
  for (const { name, a, b } of pairs) {
    if (a === null || b === null) results.push({ name, kind: a !== null ? 'only-a' : b !== null ? 'only-b' : 'absent' });
    else {
      const compared = compare(a, b, name).then((report): PartResult => ({ name, kind: 'compared', report }));
      results.push(await compared.catch((error: unknown) => failedPart(name, error, signal)));
    }
  }
  return results;
}

function failedPart(name: string, error: unknown, signal: AbortSignal): PartResult {
  signal.throwIfAborted();
  return { name, kind: 'failed', message: messageOf(error) };
}

/** One row for each part, and below the table why parts could not be compared. */
export function describeParts(results: readonly PartResult[], io: Io): string {
  const rows = results.map((result) => [result.name, describePart(result), relativeChangeOf(result)]);
  const errors = results.flatMap((result) => (result.kind === 'failed' ? [`error: ${result.name}: ${result.message}\n`] : []));
  const table = textTable(
    [
      { title: 'part', align: 'left' },
      { title: 'result', align: 'left', flexible: true },
      { title: 'rel. change', align: 'right' },
    ],
    rows,
    io.columns,
  );
  return [table, ...errors].join('');
}

function describePart(result: PartResult): string {
  switch (result.kind) {
    case 'compared':
      return describePartly(result.report);
    case 'only-a':
      return 'only in A';
    case 'only-b':
      return 'only in B';
    case 'absent':
      return 'in neither';
    case 'failed':
      return 'not compared';
    default:
      return result satisfies never;
  }
}

/** What a part comes to, with how much of it was compared where that is not all. */
function describePartly(report: DiffReport): string {
  const coverage = describeCoverage(report.summary);
  return coverage === null ? verdictOf(report) : `${verdictOf(report)}, ${coverage}`;
}

function relativeChangeOf(result: PartResult): string {
  return result.kind === 'compared' ? formatNumber(result.report.summary.relativeChange) : '';
}

/** `{"parts": [{"name", "kind", "report" | "message"}]}`. */
export function partsToJson(results: readonly PartResult[], toJson: (report: DiffReport) => string): string {
  const parts = results.map((result) => {
    if (result.kind !== 'compared') return JSON.stringify(result);
    const { name, kind, report } = result;
    return `{"name":${JSON.stringify(name)},"kind":"${kind}","report":${toJson(report)}}`;
  });
  return `{"parts":[${parts.join(',')}]}`;
}

/** The gravest comes first. */
const gravity: readonly ExitCode[] = [2, 1, 3];

/**
 * One exit code for all parts: 2 where one could not be compared, else the gravest of their own.
 * @param codeOf of a part's report; of null for a part that only one of the two has
 */
export function exitCodeOfParts(results: readonly PartResult[], codeOf: (report: DiffReport | null) => ExitCode): ExitCode {
  const codes = results.map((result) => {
    if (result.kind === 'failed') return 2;
    return result.kind === 'absent' ? 0 : codeOf(result.kind === 'compared' ? result.report : null);
  });
  return gravest(codes);
}

/** Of several exit codes the one that says most. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  return gravity.find((code) => codes.includes(code)) ?? 0;
}

/** Where the report of one part goes: `report.modeldiff.json` becomes `report.unet.modeldiff.json`. */
export function fileOfPart(path: string, part: string): string {
  const [, stem = path, suffix = ''] = /^(.*?)((?:\.modeldiff)?\.[^./\\]+)?$/s.exec(path) ?? [];
  return `${stem}.${part}${suffix}`;
}
