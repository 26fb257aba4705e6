import type { Model } from '../model/index.js';

/**
 * A diff vector saved as a checkpoint says so in the safetensors metadata of its files. `rows` names, for tensors with a
 * row per token, the runs `[first, count]` of rows that are a version's own rows, because the base did not have them. The
 * base's `config.json` goes along, since what the fine-tune changed in it is part of the difference.
 */
const keys = {
  kind: 'model-rebase.kind',
  formula: 'model-rebase.formula',
  plus: 'model-rebase.finetuned',
  minus: 'model-rebase.base',
  rows: 'model-rebase.whole-rows',
  baseConfig: 'model-rebase.base-config',
} as const;

const kind = 'diff-vector';

export type WholeRows = Readonly<Record<string, readonly (readonly [number, number])[]>>;

export interface DiffVectorFacts {
  readonly formula: string;
  readonly finetuned: string;
  readonly base: string;
  readonly wholeRows: WholeRows;
  /** Text of the base's `config.json`; null where it had none, or the vector was saved without. */
  readonly baseConfig: string | null;
}

/** The metadata of a diff vector's files. */
export function diffVectorMetadata({ formula, finetuned, base, wholeRows, baseConfig }: DiffVectorFacts): Record<string, string> {
  const rows: Record<string, string> = Object.keys(wholeRows).length === 0 ? {} : { [keys.rows]: JSON.stringify(wholeRows) };
  return {
    [keys.kind]: kind,
    [keys.formula]: formula,
    [keys.plus]: finetuned,
    [keys.minus]: base,
    ...rows,
    ...(baseConfig === null ? {} : { [keys.baseConfig]: baseConfig }),
  };
}

/** What a checkpoint says of itself as a diff vector; null when it is none. */
export function diffVectorFacts({ shards }: Pick<Model, 'shards'>): DiffVectorFacts | null {
  const metadata = shards[0]?.metadata ?? {};
  if (metadata[keys.kind] !== kind) return null;
  return {
    formula: metadata[keys.formula] ?? '',
    finetuned: metadata[keys.plus] ?? '',
    base: metadata[keys.minus] ?? '',
    wholeRows: parseWholeRows(metadata[keys.rows] ?? '{}'),
    baseConfig: metadata[keys.baseConfig] ?? null,
  };
}

function parseWholeRows(text: string): WholeRows {
  const root: unknown = JSON.parse(text);
  const isRun = (run: unknown): run is readonly [number, number] =>
    Array.isArray(run) && run.length === 2 && run.every(Number.isSafeInteger);
  const isRuns = (runs: unknown): boolean => Array.isArray(runs) && runs.every(isRun);
  if (typeof root === 'object' && root !== null && Object.values(root).every(isRuns)) return root as WholeRows;
  throw new Error(`The diff vector's metadata "${keys.rows}" is not a map of row runs: save the diff vector again.`);
}
