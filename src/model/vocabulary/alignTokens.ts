import { classifyToken, type Classified, type Contributor } from './classifyToken.js';
import type { AlignedRow, RowSource } from './rowRuns.js';
import type { TokenizerVocabulary } from './tokenizerVocabulary.js';

/** One input as far as its vocabulary matters. */
export interface AlignedInput {
  readonly vocabulary: TokenizerVocabulary;
  readonly isDifference: boolean;
  /** Saved diff vectors: rows that hold a version's row itself (`diffVector.ts`). */
  readonly isWhole: (row: number) => boolean;
}

export interface AlignmentRequest {
  /** In the order of the formula's inputs. */
  readonly inputs: readonly AlignedInput[];
  readonly template: number;
  readonly contributors: readonly Contributor[];
  /** Whether rows that stand for no token keep the template's values; a difference has zeros there. */
  readonly keepsPadding: boolean;
  /** Rows of inputs that stand for no token and are padding by their values: no row is made to carry them. */
  readonly isPadding?: (input: number, row: number) => boolean;
}

/** A token that the template lacks, with the input it comes from and its row in the result. */
export interface AddedToken {
  readonly token: string;
  readonly from: number;
  readonly id: number;
}

/** A matching of tokens; rows of any one tensor follow from it and the tensor's row counts. */
export interface TokenAlignment {
  readonly request: AlignmentRequest;
  readonly added: readonly AddedToken[];
  /** Tokens that contributors have and the result does not get. */
  readonly leftOut: readonly string[];
  /**
   * Whether every token has the same id in all inputs and in the result: then rows that stand for no token, such as those with which
   * a table was filled up or of tokens that no file names, correspond by their index. Else nothing says what they are.
   */
  readonly hasSameIds: boolean;
}

/** Matches the vocabularies by token. Rows of the template stay where they are; added tokens follow its last token. */
export function alignTokens(request: AlignmentRequest): TokenAlignment {
  const added: AddedToken[] = [];
  const leftOut: string[] = [];
  const template = request.inputs[request.template]!.vocabulary;
  const seen = new Set<string>();
  for (const { plus } of request.contributors) {
    for (const { token } of request.inputs[plus]!.vocabulary.tokens()) {
      if (template.idOf.has(token) || seen.has(token)) continue;
      seen.add(token);
      const { from } = classify(request, token);
      if (from === null) leftOut.push(token);
      else added.push({ token, from, id: template.nextId + added.length });
    }
  }
  return { request, added, leftOut, hasSameIds: request.inputs.every(({ vocabulary }) => agrees(vocabulary, template, added)) };
}

function agrees(vocabulary: TokenizerVocabulary, template: TokenizerVocabulary, added: readonly AddedToken[]): boolean {
  if (vocabulary === template) return true;
  const ids = new Map(added.map(({ token, id }) => [token, id]));
  return [...vocabulary.idOf].every(([token, id]) => (template.idOf.get(token) ?? ids.get(token) ?? id) === id);
}

function classify({ inputs, template, contributors }: AlignmentRequest, token: string): Classified {
  const rows = inputs.map(({ vocabulary }) => vocabulary.idOf.get(token));
  const presence = {
    has: rows.map((row) => row !== undefined),
    isWhole: inputs.map(({ isWhole }, input) => rows[input] !== undefined && isWhole(rows[input])),
    isDifference: inputs.map(({ isDifference }) => isDifference),
    isSpecial: inputs.map(({ vocabulary }) => vocabulary.added.get(token)?.special === true),
  };
  return classifyToken(presence, template, contributors);
}

/** Rows of a tensor in the result: never fewer than the template's, enough for the last added token, and for rows without tokens. */
export function alignedRowCount(alignment: TokenAlignment, rowCounts: readonly number[]): number {
  const { added, request } = alignment;
  const last = added.at(-1);
  const named = Math.max(rowCounts[request.template]!, last === undefined ? 0 : last.id + 1);
  return request.contributors.reduce((count, { plus }) => {
    let end = rowCounts[plus]!;
    while (end > count && !(isUnnamed(alignment, end - 1) && carriedRow(alignment, rowCounts, plus, end - 1) !== null)) end--;
    return Math.max(count, end);
  }, named);
}

/** Whether a row of the result stands for no token. */
function isUnnamed({ added, request: { inputs, template } }: TokenAlignment, row: number): boolean {
  const { vocabulary } = inputs[template]!;
  return vocabulary.tokenOf(row) === null && added[row - vocabulary.nextId] === undefined;
}

/** The row of an input that stands for no token, where its index says what it is; null for all others. */
function unnamedIn({ hasSameIds, request }: TokenAlignment, rowCounts: readonly number[], input: number, row: number): number | null {
  return hasSameIds && row < rowCounts[input]! && request.inputs[input]!.vocabulary.tokenOf(row) === null ? row : null;
}

/** As `unnamedIn`, without what is padding by its values. */
function carriedRow(alignment: TokenAlignment, rowCounts: readonly number[], input: number, row: number): number | null {
  return alignment.request.isPadding?.(input, row) === true ? null : unnamedIn(alignment, rowCounts, input, row);
}

/** The rows of one tensor, given how many rows each input has of it. One at a time: vocabularies are large. */
export function* alignRows(alignment: TokenAlignment, rowCounts: readonly number[]): Generator<AlignedRow> {
  const count = alignedRowCount(alignment, rowCounts);
  for (let row = 0; row < count; row++) yield alignRow(alignment, rowCounts, row);
}

function alignRow(alignment: TokenAlignment, rowCounts: readonly number[], row: number): AlignedRow {
  const { request, added } = alignment;
  const { inputs, template } = request;
  const { vocabulary: own } = inputs[template]!;
  const extra = added[row - own.nextId];
  if (extra !== undefined) return addRow(request, rowCounts, extra);
  const token = own.tokenOf(row);
  const exists = row < rowCounts[template]!;
  if (token === null) return unnamedRow(alignment, rowCounts, row);
  if (!exists) return { token, kind: 'padding', ...padding(request, null) };
  const rows = inputs.map(({ vocabulary }, input) => existing(vocabulary.idOf.get(token), rowCounts[input]!));
  const { fate } = classify(request, token);
  if (fate === 'combined' && rows.every((source) => source !== null)) return { token, kind: 'combined', sources: rows, copied: false };
  return { token, kind: fate === 'without-difference' ? fate : 'kept', ...only(inputs.length, template, row) };
}

/**
 * A row that stands for no token in the result. Where ids agree it corresponds to the rows of the same index that stand for none
 * elsewhere: it is combined where all inputs have it, and taken from an input whose base, or the template, has none.
 */
function unnamedRow(alignment: TokenAlignment, rowCounts: readonly number[], row: number): AlignedRow {
  const { inputs, template, contributors } = alignment.request;
  const own = row < rowCounts[template]! ? row : null;
  const rows = inputs.map((_, input) => (input === template ? own : unnamedIn(alignment, rowCounts, input, row)));
  const changing = contributors.length === 0 ? [{ plus: template, minus: null }] : contributors;
  const carried = changing.filter(({ plus }) => carriedRow(alignment, rowCounts, plus, row) !== null);
  if (carried.length > 0 && rows.every((source, input) => source !== null && !inputs[input]!.isWhole(source)))
    return { token: null, kind: 'unnamed', sources: rows, copied: false };
  const from = carried.find(({ plus, minus }) => isWholeRow(alignment.request, rows, plus, minus))?.plus;
  if (from !== undefined) return { token: null, kind: 'unnamed', ...only(inputs.length, from, row) };
  return { token: null, kind: 'padding', ...padding(alignment.request, own) };
}

/** Whether a row is a version's own, with no base to take a difference from or nothing to add it to. */
function isWholeRow({ inputs, template }: AlignmentRequest, rows: readonly (number | null)[], plus: number, minus: number | null): boolean {
  const { isDifference, isWhole } = inputs[plus]!;
  if (plus !== template && isDifference) return isWhole(rows[plus]!);
  return plus === template || rows[template] === null || minus === null || rows[minus] === null;
}

function addRow({ inputs }: AlignmentRequest, rowCounts: readonly number[], { token, from }: AddedToken): AlignedRow {
  const row = existing(inputs[from]!.vocabulary.idOf.get(token), rowCounts[from]!);
  if (row === null) return { token, kind: 'padding', ...zeros(inputs.length) };
  return { token, kind: 'added', ...only(inputs.length, from, row) };
}

/** A tokenizer may know more tokens than a tensor has rows. */
function existing(row: number | undefined, rowCount: number): number | null {
  return row !== undefined && row < rowCount ? row : null;
}

function padding({ inputs, template, keepsPadding }: AlignmentRequest, row: number | null): RowSource {
  return row !== null && keepsPadding ? only(inputs.length, template, row) : zeros(inputs.length);
}

function only(inputCount: number, input: number, row: number): RowSource {
  return { sources: Array.from({ length: inputCount }, (_, index) => (index === input ? row : null)), copied: true };
}

function zeros(inputCount: number): RowSource {
  return { sources: Array.from({ length: inputCount }, () => null), copied: false };
}
