import { join } from 'node:path';
import { nameList } from '../../base/nameList.js';
import type { Finding } from '../../checkpoint/index.js';
import type { CombineRequest } from '../request.js';
import type { PlannedFile } from '../plan.js';
import { carryChat } from './chatFiles.js';
import { editTokenizer, plainEntry, type Entry } from './editTokenizer.js';
import type { OpenInput } from './openInputs.js';
import { copyOf, presentNames } from './plannedFile.js';
import type { VocabularyDecision } from './planVocabulary.js';
import type { Roles } from './roles.js';
import type { RenamedToken, TokenAlignment, TokenizerVocabulary } from '../../model/vocabulary/index.js';

/** Files that make up a tokenizer, in the order in which they are listed. */
const tokenizerNames = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'vocab.txt',
  'tokenizer.model',
  'spiece.model',
  'sentencepiece.bpe.model',
  'tekken.json',
  'chat_template.jinja',
  'chat_template.json',
];

export interface TokenizerPlan {
  readonly files: readonly PlannedFile[];
  readonly findings: readonly Finding[];
  /** Id of a token in the output; null when the output lacks it, or nothing is known of its vocabulary. */
  readonly idOf: (token: string) => number | null;
}

/** Whose tokenizer the output has, and why. */
interface Ownership {
  readonly owner: OpenInput;
  readonly reason: string;
  /** Tokens to be added to the owner's tokenizer. */
  readonly added: TokenAlignment['added'];
  /** Tokens of the owner's tokenizer that get another name. */
  readonly renamed: readonly RenamedToken[];
}

/** The tokenizer files of the output: its owner's, with the chat side's template and special tokens. */
export async function planTokenizerFiles(
  request: CombineRequest,
  roles: Roles,
  inputs: readonly OpenInput[],
  vocabulary: VocabularyDecision,
): Promise<TokenizerPlan> {
  const ownership = await findOwner(roles, inputs, vocabulary);
  const idOf = idLookup(ownership, inputs);
  const chat = roles.kind === 'model' ? chatSide(request, roles, inputs) : ownership.owner;
  const present = await presentNames(ownership.owner, tokenizerNames);
  const copied = await Promise.all(present.map((name) => copyOf(ownership.owner, name, ownership.reason)));
  const { files: extended, findings: gaps } = await extendTokenizer(copied, ownership, inputs);
  const left = await furtherTemplates(chat);
  if (chat === ownership.owner) return { files: extended, findings: [...gaps, ...left], idOf };
  const { files, findings } = await carryChat(extended, ownership.owner, chat, (token) => idOf(token) !== null);
  return { files, findings: [...gaps, ...findings, ...left], idOf };
}

/** An output has no folders, so templates that are named when they are used stay behind. */
async function furtherTemplates({ role, folder, companions }: OpenInput): Promise<Finding[]> {
  const place = join(folder, 'additional_chat_templates');
  const names = await companions.namesIfPresent(place);
  if (names.length === 0) return [];
  const message = `The further chat templates of ${role} (${nameList(names)}) are not carried over. Copy its additional_chat_templates into the output if they are used by name.`;
  return [{ severity: 'warning', code: 'chat-templates-left', message, file: place }];
}

/** The owner's files with further tokens and new names, so that all of them give every token the id of its row. */
async function extendTokenizer(
  files: readonly PlannedFile[],
  { owner, added, renamed }: Ownership,
  inputs: readonly OpenInput[],
): Promise<Omit<TokenizerPlan, 'idOf'>> {
  if (added.length === 0 && renamed.length === 0) return { files, findings: [] };
  const entries = new Map(added.map(({ token, from }) => [token, inputs[from]!.vocabulary?.added.get(token)?.entry ?? null]));
  const own = [...owner.vocabulary!.added].map(([token, { entry }]): [string, Entry] => [newName(token, renamed), entry]);
  const edits = {
    renamed,
    ids: resultIds(owner.vocabulary!, added, renamed),
    entryOf: (token: string): Entry => ({ ...plainEntry, ...(entries.get(token) ?? new Map(own).get(token)), content: token }),
    added: added.map(({ token }) => token),
  };
  return editTokenizer(files, owner, edits);
}

function newName(token: string, renamed: readonly RenamedToken[]): string {
  return renamed.find(({ from }) => from === token)?.to ?? token;
}

/** The version whose chat template is used: what is added to the template, or the template itself. */
export function chatSide({ chatFrom }: CombineRequest, { template, contributors }: Roles, inputs: readonly OpenInput[]): OpenInput {
  const added = contributors.map(({ plus }) => inputs[plus]!);
  return chatFrom === 'finetuned' ? (added[0] ?? inputs[template]!) : inputs[template]!;
}

async function findOwner(roles: Roles, inputs: readonly OpenInput[], { plan, alignment, renamed }: VocabularyDecision): Promise<Ownership> {
  const template = inputs[roles.template]!;
  const plain = (owner: OpenInput, reason: string): Ownership => ({ owner, reason, added: [], renamed: [] });
  const others = roles.contributors.map(({ plus }) => inputs[plus]!);
  if ((await presentNames(template, tokenizerNames)).length === 0) {
    for (const other of others) {
      if ((await presentNames(other, tokenizerNames)).length > 0)
        return plain(other, `tokenizer of ${other.role}, since ${template.role} has none`);
    }
  }
  const added = alignment?.added ?? [];
  if (plan === null || (plan.rowCount === plan.templateRowCount && added.length === 0 && renamed.length === 0))
    return plain(template, `tokenizer of ${template.role}: the vocabulary is its own`);
  if (alignment === null) {
    const taller = others[0] ?? template;
    return plain(taller, `tokenizer of ${taller.role}, which has the additional rows`);
  }
  const result = resultIds(template.vocabulary!, added, renamed);
  const whole = others.find(({ vocabulary }) => vocabulary !== null && haveEqualIds(vocabulary.idOf, result));
  if (whole !== undefined) return plain(whole, `tokenizer of ${whole.role}: the vocabulary is its own`);
  return { owner: template, reason: `tokenizer of ${template.role}`, added, renamed };
}

/** The output's tokens and their ids. */
function resultIds(
  { idOf }: TokenizerVocabulary,
  added: TokenAlignment['added'],
  renamed: readonly RenamedToken[],
): ReadonlyMap<string, number> {
  const names = new Map(renamed.map(({ from, to }) => [from, to]));
  const own = [...idOf].map(([token, id]): [string, number] => [names.get(token) ?? token, id]);
  return new Map([...own, ...added.map(({ token, id }): [string, number] => [token, id])]);
}

function haveEqualIds(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...one].every(([token, id]) => other.get(token) === id);
}

function idLookup({ owner, added, renamed }: Ownership, inputs: readonly OpenInput[]): (token: string) => number | null {
  const vocabulary = owner.vocabulary ?? inputs.find(({ vocabulary: any }) => any !== null)?.vocabulary;
  if (vocabulary === undefined || vocabulary === null) return () => null;
  const ids = resultIds(vocabulary, added, renamed);
  return (token) => ids.get(token) ?? null;
}
