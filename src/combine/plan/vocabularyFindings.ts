import type { Finding } from '../../checkpoint/index.js';
import type { VocabularyPlan } from '../plan.js';
import type { MatchedInput } from './matchSources.js';
import { quoteName } from '../../base/formatError.js';
import { andList, nameList } from '../../base/nameList.js';
import type { OpenInput } from './openInputs.js';
import type { Roles } from './roles.js';
import { formatShare, plural } from '../../base/format.js';
import { vocabularyPart, type RenamedToken } from '../../model/vocabulary/index.js';

/** Below this share of common tokens, two vocabularies are of different tokenizers. */
const fewestShared = 0.5;

/** What a user should know about the matching of vocabularies. */
export function vocabularyFindings(plan: VocabularyPlan, roles: Roles, matched: readonly MatchedInput[]): Finding[] {
  return [
    ...matched.flatMap(({ input }) => oddFindings(input)),
    ...fateFindings(plan),
    ...foreignFinding(plan),
    ...(plan.rule === 'rows' ? [...misplacedFindings(roles, matched), ...unknownFinding(matched)] : []),
    ...wordFinding(plan, roles, matched),
  ];
}

/** Where files of one version do not agree on its tokens. */
function oddFindings({ role, folder, vocabulary }: OpenInput): Finding[] {
  const { disputed, unread } = vocabulary?.odd ?? { disputed: [], unread: [] };
  const pairs = disputed
    .slice(0, 3)
    .map(({ content, file, stated, given }) => `${quoteName(content)} (${file}: ${stated}, transformers: ${given})`);
  const rest = disputed.length > 3 ? ` and ${disputed.length - 3} more` : '';
  const ids = `${plural(disputed.length, 'token')} of ${role} ${disputed.length === 1 ? 'has' : 'have'} another id in a file than transformers 5 gives: ${pairs.join(', ')}${rest}. Rows go by the ids of transformers.`;
  const names = `${plural(unread.length, 'token')} of ${role} ${unread.length === 1 ? 'stands' : 'stand'} in a file that transformers 5 does not read beside the others: ${nameList(unread)}. Rows go by the ids stated there.`;
  return [
    ...(disputed.length > 0 ? [{ ...finding('warning', 'token-ids-differ', ids), file: folder }] : []),
    ...(unread.length > 0 ? [{ ...finding('warning', 'tokens-unread', names), file: folder }] : []),
  ];
}

function fateFindings({ withoutDifference, withoutDifferenceTokens, leftOut, leftOutTokens }: VocabularyPlan): Finding[] {
  const kept = `${plural(withoutDifference, 'token')} known to the target and the fine-tuned version but not to the base keep the target's rows, since there is no difference to add: ${nameList(withoutDifferenceTokens, withoutDifference)}.`;
  const left = `${plural(leftOut, 'token')} of the old versions that the target's vocabulary lacks are left out: ${nameList(leftOutTokens, leftOut)}.`;
  return [
    ...(withoutDifference > 0 ? [finding('warning', 'tokens-without-difference', kept)] : []),
    ...(leftOut > 0 ? [finding('warning', 'tokens-left-out', left)] : []),
  ];
}

function foreignFinding({ rule, shared, rowCount, padding, addedFromFinetuned }: VocabularyPlan): Finding[] {
  const tokens = rowCount - padding - addedFromFinetuned;
  if (rule !== 'tokens' || tokens === 0 || shared / tokens >= fewestShared) return [];
  const message = `Only ${formatShare(shared / tokens)} of the target's tokens are known to every version: the tokenizers are of different families, and most of the embedding stays the target's.`;
  return [finding('warning', 'tokenizers-differ', message)];
}

/** Where some versions have a tokenizer and others have none, nothing shows that rows of one index are of one token. */
function unknownFinding(matched: readonly MatchedInput[]): Finding[] {
  const without = matched.filter(({ input }) => input.vocabulary === null).map(({ input }) => input.role);
  if (without.length === 0 || without.length === matched.length) return [];
  const message = `Which tokens the rows of ${andList(without)} stand for is not known: no tokenizer lies beside the weights. Rows are taken to be those of the other versions, by their index.`;
  return [finding('warning', 'vocabulary-unknown', message)];
}

/** By index, a row may stand for one token here and another there. */
function misplacedFindings({ template }: Roles, matched: readonly MatchedInput[]): Finding[] {
  const own = matched[template]!.input;
  return matched.flatMap(({ input }) => {
    if (own.vocabulary === null || input.vocabulary === null) return [];
    const misplaced = differingTokens(own, input);
    if (misplaced.length === 0) return [];
    const message = `${plural(misplaced.length, 'row')} of ${own.role} and ${input.role} stand for different tokens and are combined all the same: ${nameList(misplaced)}. Rows matched by token avoid this.`;
    return [finding('warning', 'rows-of-other-tokens', message)];
  });
}

/** Words that the fine-tune's tokenizer makes from pieces cannot be made by the target's. */
function wordFinding({ rule, addedTokens }: VocabularyPlan, { contributors }: Roles, matched: readonly MatchedInput[]): Finding[] {
  const isAdded = (token: string): boolean => contributors.some(({ plus }) => matched[plus]!.input.vocabulary?.added.has(token));
  const words = addedTokens.filter((token) => !isAdded(token));
  if (rule !== 'tokens' || words.length === 0) return [];
  const message = `${plural(words.length, 'added token')} (${nameList(words)}) belong to the words of the fine-tuned tokenizer, not to its added tokens. Their rows are carried over; the output's tokenizer produces them only where it is that version's own.`;
  return [finding('info', 'words-added', message)];
}

function finding(severity: Finding['severity'], code: string, message: string): Finding {
  return { severity, code, message };
}

/** Tokens that the output calls as a fine-tune does. */
export function renamedFinding(renamed: readonly RenamedToken[], roles: Roles, matched: readonly MatchedInput[]): Finding[] {
  if (renamed.length === 0) return [];
  const { role } = matched[roles.contributors.find(({ minus }) => minus !== null)!.plus]!.input;
  const pairs = renamed.slice(0, 3).map(({ from, to }) => `${quoteName(from)} to ${quoteName(to)}`);
  const list = `${pairs.join(', ')}${renamed.length > 3 ? ` and ${renamed.length - 3} more` : ''}`;
  const message = `${role} renamed ${plural(renamed.length, 'special token')} of its base (${list}). Its rows are combined with those of the old names, and the output has the new ones.`;
  return [finding('info', 'tokens-renamed', message)];
}

/** Versions without a tokenizer, while the others' rows stand for different tokens: matching by index would mix these. */
export function unrelatedRefusals(matched: readonly MatchedInput[]): Finding[] {
  const known = matched.filter(({ input }) => input.vocabulary !== null).map(({ input }) => input);
  const without = matched.filter(({ input }) => input.vocabulary === null).map(({ input }) => input.role);
  const [first, ...others] = known;
  const odd = others.flatMap((other) => {
    const tokens = first === undefined ? [] : differingTokens(first, other);
    return tokens.length === 0 ? [] : [{ role: other.role, tokens }];
  });
  return odd.map(({ role, tokens }) => {
    const message = `${andList(without)} ${without.length === 1 ? 'has' : 'have'} no tokenizer, so rows could be matched by index only, but ${plural(tokens.length, 'row')} of ${first!.role} and ${role} stand for different tokens: ${nameList(tokens)}. Put the tokenizer's files beside ${andList(without)}, or say that rows are to be matched by index.`;
    return { severity: 'error', code: 'vocabularies-unrelated', message };
  });
}

/** Tokens of one version in whose rows another has other tokens. */
function differingTokens({ vocabulary }: OpenInput, { vocabulary: other }: OpenInput): string[] {
  return [...vocabulary!.tokens()].filter(({ id, token }) => (other!.tokenOf(id) ?? token) !== token).map(({ token }) => token);
}

/** Versions that tie their embeddings although others store an output head. */
export function tiedFindings({ template, contributors }: Roles, matched: readonly MatchedInput[]): Finding[] {
  const standIns = matched.filter(({ tiedHeads }) => tiedHeads.size > 0).map(({ input }) => input.role);
  const tied =
    standIns.length === 0
      ? []
      : [
          finding(
            'info',
            'tied-source',
            `The output head is not stored in ${andList(standIns)}, where embeddings are tied: the embedding stands for it.`,
          ),
        ];
  const templateTies = !matched[template]!.input.tensors.some(({ name }) => vocabularyPart(name) === 'head');
  const heads = contributors.filter(({ plus }) => matched[plus]!.unmatched.some(({ name }) => vocabularyPart(name) === 'head'));
  if (!templateTies || heads.length === 0) return tied;
  const others = [...new Set(heads.map(({ plus }) => matched[plus]!.input.role))];
  const message = `${matched[template]!.input.role} ties its embeddings and the output does too, so the output head of ${andList(others)} is not carried over; its embedding is.`;
  return [...tied, finding('warning', 'tied-target', message)];
}
