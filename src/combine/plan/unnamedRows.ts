import { FileByteSource, type Tensor } from '../../checkpoint/index.js';
import type { PlanInput } from '../plan.js';
import { storedTensor } from './inputTensors.js';
import type { MatchedInput } from './matchSources.js';
import type { Roles } from './roles.js';

/** Rows are looked at up to so many bytes of all versions together: a plan takes no time, whatever the size of the model. */
const maxReadBytes = 64 << 20;
const maxRows = 4096;

/**
 * What values say of a row that stands for no token.
 * - `untouched`: that of the base is the same, and stands for none either.
 * - `uniform`: it is zero, or such rows of this version that its base lacks are all alike.
 * - `changed`: it differs from the base's.
 * - `new`: its base has no such row.
 * - `unread`: too many bytes, or not stored as the base's is.
 */
export type RowState = 'untouched' | 'uniform' | 'changed' | 'new' | 'unread';

/** Rows of an input that stand for no token, and what their values say. */
export interface UnnamedRows {
  /** Index of the input. */
  readonly input: number;
  readonly states: ReadonlyMap<number, RowState>;
}

/** A version and its base: indices of inputs. */
interface Change {
  readonly plus: number;
  readonly minus: number | null;
}

/** Looks at the rows without tokens of the versions that are added, in all their tensors that have a row per token. */
export async function lookAtUnnamedRows(
  names: readonly string[],
  roles: Roles,
  matched: readonly MatchedInput[],
  signal?: AbortSignal,
): Promise<UnnamedRows[]> {
  const changes = changesOf(roles, matched.length);
  let budget = maxReadBytes;
  const found: UnnamedRows[] = [];
  for (const change of changes) {
    const states = new Map<number, RowState>();
    for (const name of names) {
      const rows = unnamedRows(name, matched[change.plus]!);
      const cost = rows.length * (rowBytes(name, matched[change.plus]!) ?? 0) * 2;
      const isTooMuch = cost > budget || rows.length > maxRows;
      const seen = isTooMuch ? rows.map((): RowState => 'unread') : await statesOf(name, rows, change, matched, signal);
      budget -= isTooMuch ? 0 : cost;
      for (const [index, row] of rows.entries()) states.set(row, worse(states.get(row), seen[index]!));
    }
    if (states.size > 0) found.push({ input: change.plus, states });
  }
  return found;
}

/** A diff vector's template is the version whose rows it has. */
function changesOf({ kind, template, contributors }: Roles, inputCount: number): readonly Change[] {
  if (kind === 'model') return contributors;
  return [{ plus: template, minus: inputCount === 2 ? 1 - template : null }];
}

const severity: readonly RowState[] = ['untouched', 'uniform', 'unread', 'new', 'changed'];

function worse(one: RowState | undefined, other: RowState): RowState {
  return one === undefined || severity.indexOf(other) > severity.indexOf(one) ? other : one;
}

function unnamedRows(name: string, { input: { vocabulary }, tensors }: MatchedInput): number[] {
  const count = tensors.get(name)?.shape[0] ?? 0;
  const rows: number[] = [];
  for (let row = 0; row < count && vocabulary !== null; row++) if (vocabulary.tokenOf(row) === null) rows.push(row);
  return rows;
}

/** Bytes of a row; null where rows do not lie one after the other. */
function rowBytes(name: string, { tensors }: MatchedInput): number | null {
  const tensor = storedAs(name, tensors);
  const length = tensor === null ? NaN : tensor.byteLength / tensor.shape[0]!;
  return Number.isInteger(length) ? length : null;
}

/** The tensor as it is stored; null where its values are computed. */
function storedAs(name: string, tensors: MatchedInput['tensors']): Tensor | null {
  const tensor = tensors.get(name);
  return tensor === undefined ? null : storedTensor(tensor);
}

async function statesOf(
  name: string,
  rows: readonly number[],
  { plus, minus }: Change,
  matched: readonly MatchedInput[],
  signal?: AbortSignal,
): Promise<RowState[]> {
  const own = await readRows(name, rows, matched[plus]!, signal);
  if (own === null) return rows.map(() => 'unread');
  const base = minus === null ? null : matched[minus]!;
  const isComparable = base?.tensors.get(name)?.dtype === matched[plus]!.tensors.get(name)?.dtype;
  const baseRows = new Set(base === null ? [] : unnamedRows(name, base));
  const shared = rows.filter((row) => baseRows.has(row));
  const others = isComparable && base !== null ? await readRows(name, shared, base, signal) : null;
  const otherOf = new Map(shared.map((row, index) => [row, others?.[index] ?? null]));
  const added = own.filter((_, index) => !baseRows.has(rows[index]!));
  const areAlike = added.length > 1 && added.every((bytes) => bytes.equals(added[0]!));
  return rows.map((row, index) => {
    const bytes = own[index]!;
    const other = otherOf.get(row);
    if (other === undefined) return areAlike || isZero(bytes) ? 'uniform' : 'new';
    if (other === null) return 'unread';
    return bytes.equals(other) ? 'untouched' : 'changed';
  });
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

async function readRows(name: string, rows: readonly number[], match: MatchedInput, signal?: AbortSignal): Promise<Buffer[] | null> {
  const length = rowBytes(name, match);
  const tensor = storedAs(name, match.tensors);
  if (length === null || tensor === null) return null;
  const source = await FileByteSource.open(shardOf(match.input.planned, tensor.shard));
  try {
    const read: Buffer[] = [];
    for (const row of rows) {
      const start = tensor.start + row * length;
      read.push(Buffer.from(await source.read(start, start + length, signal)));
    }
    return read;
  } finally {
    await source.close();
  }
}

function shardOf({ shards }: PlanInput, shard: number): string {
  return shards[shard]!.path;
}
