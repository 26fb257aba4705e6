import type { Finding } from '../../checkpoint/index.js';
import { parsePythonJson } from '../../base/json/pythonJson.js';
import type { CombineRequest } from '../request.js';
import type { PlannedFile } from '../plan.js';
import { carryChat } from './chatFiles.js';
import { jsonText, setJsonField } from './jsonText.js';
import type { OpenInput } from './openInputs.js';
import { copyOf, edited, presentNames, textOf } from './plannedFile.js';
import type { VocabularyDecision } from './planVocabulary.js';
import type { Roles } from './roles.js';
import { plural } from '../../base/format.js';
import { type TokenAlignment, scanTokenizer, type TokenizerVocabulary } from '../../model/vocabulary/index.js';

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
  const extended = await addTokens(copied, ownership, inputs);
  const gaps = gapFinding(ownership);
  if (chat === ownership.owner) return { files: extended, findings: gaps, idOf };
  const { files, findings } = await carryChat(extended, ownership.owner, chat, (token) => idOf(token) !== null);
  return { files, findings: [...gaps, ...findings], idOf };
}

/** The version whose chat template is used: what is added to the template, or the template itself. */
export function chatSide({ chatFrom }: CombineRequest, { template, contributors }: Roles, inputs: readonly OpenInput[]): OpenInput {
  const added = contributors.map(({ plus }) => inputs[plus]!);
  return chatFrom === 'finetuned' ? (added[0] ?? inputs[template]!) : inputs[template]!;
}

async function findOwner(roles: Roles, inputs: readonly OpenInput[], { plan, alignment }: VocabularyDecision): Promise<Ownership> {
  const template = inputs[roles.template]!;
  const plain = (owner: OpenInput, reason: string): Ownership => ({ owner, reason, added: [] });
  const others = roles.contributors.map(({ plus }) => inputs[plus]!);
  if ((await presentNames(template, tokenizerNames)).length === 0) {
    for (const other of others) {
      if ((await presentNames(other, tokenizerNames)).length > 0)
        return plain(other, `tokenizer of ${other.role}, since ${template.role} has none`);
    }
  }
  if (plan === null || (plan.rowCount === plan.templateRowCount && (alignment?.added.length ?? 0) === 0))
    return plain(template, `tokenizer of ${template.role}: the vocabulary is its own`);
  if (alignment === null) {
    const taller = others[0] ?? template;
    return plain(taller, `tokenizer of ${taller.role}, which has the additional rows`);
  }
  const whole = others.find(({ vocabulary }) => vocabulary !== null && isResult(vocabulary, template.vocabulary!, alignment.added));
  if (whole !== undefined) return plain(whole, `tokenizer of ${whole.role}: the vocabulary is its own`);
  return { owner: template, reason: `tokenizer of ${template.role}`, added: alignment.added };
}

/** The tokenizer library numbers added tokens itself, which goes wrong where ids are missing. */
function gapFinding({ owner, added }: Ownership): Finding[] {
  const [first] = added;
  if (first === undefined || owner.vocabulary?.nextAddedId === first.id) return [];
  const message = `The ids in the tokenizer of ${owner.role} have gaps, so that the tokenizer library may give the added tokens other ids than their rows (${first.id} and on). Check the output's tokenizer.`;
  return [{ severity: 'warning', code: 'token-ids-with-gaps', message }];
}

/** Whether a vocabulary is the template's with the added tokens in their rows. */
function isResult({ idOf }: TokenizerVocabulary, template: TokenizerVocabulary, added: TokenAlignment['added']): boolean {
  const hasOwn = [...template.idOf].every(([token, id]) => idOf.get(token) === id);
  return hasOwn && idOf.size === template.idOf.size + added.length && added.every(({ token, id }) => idOf.get(token) === id);
}

function idLookup({ owner, added }: Ownership, inputs: readonly OpenInput[]): (token: string) => number | null {
  const extra = new Map(added.map(({ token, id }) => [token, id]));
  const vocabulary = owner.vocabulary ?? inputs.find(({ vocabulary: any }) => any !== null)?.vocabulary;
  return (token) => vocabulary?.idOf.get(token) ?? extra.get(token) ?? null;
}

/** Adds tokens to the files that list them. Their ids are those the tokenizer library gives: it ignores written ones. */
async function addTokens(files: readonly PlannedFile[], { owner, added }: Ownership, inputs: readonly OpenInput[]): Promise<PlannedFile[]> {
  if (added.length === 0) return [...files];
  return Promise.all(
    files.map(async (file) => {
      const edit = file.name === 'tokenizer.json' ? addToTokenizer : file.name === 'tokenizer_config.json' ? addToConfig : null;
      if (edit === null) return file;
      const original = await textOf(file, owner);
      return edited(file, original, edit(original, added, inputs), `with ${plural(added.length, 'token')} added`);
    }),
  );
}

const plainEntry = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };

function entriesOf(added: TokenAlignment['added'], inputs: readonly OpenInput[]): { id: number; entry: Record<string, unknown> }[] {
  return added.map(({ token, from, id }) => {
    const known = inputs[from]!.vocabulary?.added.get(token)?.entry ?? plainEntry;
    return { id, entry: { ...known, content: token } };
  });
}

/** The file as it is, with entries before the end of its list. */
function addToTokenizer(text: string, added: TokenAlignment['added'], inputs: readonly OpenInput[]): string {
  const bytes = Buffer.from(text);
  const { addedTokens, addedTokensEnd } = scanTokenizer(bytes) ?? { addedTokens: undefined, addedTokensEnd: null };
  const entries = entriesOf(added, inputs).map(({ id, entry }) => ({ id, ...entry }));
  if (addedTokensEnd === null) return jsonText({ ...(parsePythonJson(text) as object), added_tokens: entries });
  const before = bytes.toString('utf8', 0, addedTokensEnd).trimEnd();
  const isFirst = Array.isArray(addedTokens) && addedTokens.length === 0;
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  return `${before}${isFirst ? '' : ','}\n${lines}\n  ${bytes.toString('utf8', addedTokensEnd)}`;
}

function addToConfig(text: string, added: TokenAlignment['added'], inputs: readonly OpenInput[]): string {
  const listed = (parsePythonJson(text) as Record<string, unknown>)['added_tokens_decoder'];
  if (typeof listed !== 'object' || listed === null) return text;
  const extra = Object.fromEntries(entriesOf(added, inputs).map(({ id, entry }) => [String(id), entry]));
  return setJsonField(text, ['added_tokens_decoder'], { ...listed, ...extra });
}
