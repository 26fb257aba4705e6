import {
  alignTokens,
  renamedTokens,
  type RenamedToken,
  type TokenAlignment,
  type TokenizerVocabulary,
} from '../../model/vocabulary/index.js';
import type { MatchedInput } from './matchSources.js';
import type { OpenInput } from './openInputs.js';
import type { Roles } from './roles.js';
import { lookAtUnnamedRows, type UnnamedRows } from './unnamedRows.js';

/** A matching by token, and what was seen on the way. */
export interface TokenMatching {
  readonly alignment: TokenAlignment;
  readonly renamed: readonly RenamedToken[];
  readonly unnamed: readonly UnnamedRows[];
}

/** Matches the versions' vocabularies by token. Reads rows that stand for no token, and no other weights. */
export async function matchTokens(
  names: readonly string[],
  roles: Roles,
  matched: readonly MatchedInput[],
  signal?: AbortSignal,
): Promise<TokenMatching> {
  const unnamed = await lookAtUnnamedRows(names, roles, matched, signal);
  const renamed = roles.kind === 'model' ? await renamedBy(roles, matched) : [];
  const vocabularies = matched.map(({ input }, index) => {
    const isRenaming = roles.contributors.some(({ plus, minus }) => plus === index && minus !== null);
    const names = new Map(isRenaming ? renamed.map(({ from, to }) => [to, from]) : []);
    return input.vocabulary!.renamed(names);
  });
  const padding = new Map(unnamed.map(({ input, states }) => [input, states]));
  const isPadding = (input: number, row: number): boolean => {
    const state = padding.get(input)?.get(row);
    return state === 'untouched' || state === 'uniform';
  };
  return { alignment: alignTokens({ ...alignmentRequest(roles, matched, vocabularies), isPadding }), renamed, unnamed };
}

/** Tokens that the first version which is added with its base renamed. A SentencePiece model's pieces are not renamed. */
async function renamedBy({ contributors, template }: Roles, matched: readonly MatchedInput[]): Promise<RenamedToken[]> {
  const change = contributors.find(({ minus }) => minus !== null);
  const { companions, folder } = matched[template]!.input;
  if (change === undefined || !(await companions.names(folder)).includes('tokenizer.json')) return [];
  const [finetuned, base, target] = [change.plus, change.minus!, template].map((input) => matched[input]!.input.vocabulary!);
  return renamedTokens(finetuned!, base!, target!, change.minus === template);
}

function alignmentRequest(
  { template, contributors, kind }: Roles,
  matched: readonly MatchedInput[],
  vocabularies: readonly TokenizerVocabulary[],
): TokenAlignment['request'] {
  const inputs = matched.map(({ input }, index) => {
    const runs = wholeRowsOf(input);
    const isWhole = (row: number): boolean => runs.some(([first, length]) => row >= first && row < first + length);
    return { vocabulary: vocabularies[index]!, isDifference: input.diffVector !== null, isWhole };
  });
  return { inputs, template, contributors, keepsPadding: kind === 'model' };
}

/** Runs of rows of a saved diff vector that are a version's own. */
export function wholeRowsOf({ diffVector }: OpenInput): (readonly [number, number])[] {
  return Object.values(diffVector?.wholeRows ?? {}).flat();
}
