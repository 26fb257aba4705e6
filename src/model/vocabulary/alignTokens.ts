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
  return { request, added, leftOut };
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

/** Rows of a tensor in the result: never fewer than the template's, and enough for the last added token. */
export function alignedRowCount({ added }: TokenAlignment, templateRowCount: number): number {
  const last = added.at(-1);
  return last === undefined ? templateRowCount : Math.max(templateRowCount, last.id + 1);
}

/** The rows of one tensor, given how many rows each input has of it. One at a time: vocabularies are large. */
export function* alignRows(alignment: TokenAlignment, rowCounts: readonly number[]): Generator<AlignedRow> {
  const count = alignedRowCount(alignment, rowCounts[alignment.request.template]!);
  for (let row = 0; row < count; row++) yield alignRow(alignment, rowCounts, row);
}

function alignRow({ request, added }: TokenAlignment, rowCounts: readonly number[], row: number): AlignedRow {
  const { inputs, template } = request;
  const { vocabulary: own } = inputs[template]!;
  const extra = added[row - own.nextId];
  if (extra !== undefined) return addRow(request, rowCounts, extra);
  const token = own.tokenOf(row);
  const exists = row < rowCounts[template]!;
  if (token === null || !exists) return { token, kind: 'padding', ...padding(request, exists ? row : null) };
  const rows = inputs.map(({ vocabulary }, input) => existing(vocabulary.idOf.get(token), rowCounts[input]!));
  const { fate } = classify(request, token);
  if (fate === 'combined' && rows.every((source) => source !== null)) return { token, kind: 'combined', sources: rows, copied: false };
  return { token, kind: fate === 'without-difference' ? fate : 'kept', ...only(inputs.length, template, row) };
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
