import { plural } from '../../base/format.js';
import { andList } from '../../base/nameList.js';
import { parsePythonJson } from '../../base/json/pythonJson.js';
import { isRecord } from '../../base/json/record.js';
import type { Finding } from '../../checkpoint/index.js';
import { scanTokenizer, type RenamedToken, type TokenizerParts } from '../../model/vocabulary/index.js';
import type { PlannedFile } from '../plan.js';
import { jsonText, setJsonField } from './jsonText.js';
import type { OpenInput } from './openInputs.js';
import { edited, textOf, writtenFile } from './plannedFile.js';

/** An entry of a list of added tokens, without its id. */
export type Entry = Readonly<Record<string, unknown>>;

export const plainEntry: Entry = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };

/** What a set of tokenizer files is to say besides what it says. */
export interface TokenizerEdits {
  /** Of all tokens of the output. */
  readonly ids: ReadonlyMap<string, number>;
  readonly renamed: readonly RenamedToken[];
  /** Tokens that the files do not know. */
  readonly added: readonly string[];
  readonly entryOf: (token: string) => Entry;
}

export interface EditedTokenizer {
  readonly files: readonly PlannedFile[];
  readonly findings: readonly Finding[];
}

const tokenFiles: ReadonlySet<string> = new Set([
  'tokenizer.json',
  'tokenizer_config.json',
  'added_tokens.json',
  'special_tokens_map.json',
]);

/**
 * Puts tokens into every file that lists tokens, under the ids of their rows. The tokenizers library numbers added tokens in the order
 * of its list and ignores written ids, so `tokenizer.json` lists all in that order, and names in its vocabulary what would get another id.
 */
export async function editTokenizer(files: readonly PlannedFile[], owner: OpenInput, edits: TokenizerEdits): Promise<EditedTokenizer> {
  const findings: Finding[] = [];
  const change = describeChange(edits);
  const texts = new Map<string, string>();
  for (const file of files) {
    if (!tokenFiles.has(file.name)) continue;
    const original = await textOf(file, owner);
    const renamed = rename(original, edits.renamed);
    if (file.name === 'tokenizer.json') {
      const { text, finding } = extendTokenizerJson(renamed, edits, owner);
      texts.set(file.name, text);
      for (const each of finding) findings.push(each);
    } else texts.set(file.name, extendList(file.name, renamed, edits));
  }
  const changed = await Promise.all(
    files.map(async (file) => edited(file, await textOf(file, owner), texts.get(file.name) ?? (await textOf(file, owner)), change)),
  );
  return { files: [...changed, ...lists(texts, edits)], findings };
}

function describeChange({ added, renamed }: TokenizerEdits): string {
  const parts = [
    ...(added.length > 0 ? [`${plural(added.length, 'token')} added`] : []),
    ...(renamed.length > 0 ? [`${plural(renamed.length, 'token')} renamed`] : []),
  ];
  return `with ${andList(parts)}`;
}

/** A token's name where it stands as a JSON string of its own: inside a longer string it would have an escaped quote before it. */
function rename(text: string, renamed: readonly RenamedToken[]): string {
  return renamed.reduce((result, { from, to }) => result.replaceAll(JSON.stringify(from), () => JSON.stringify(to)), text);
}

function extendList(name: string, text: string, { ids, added, entryOf }: TokenizerEdits): string {
  const root = parsePythonJson(text) as Readonly<Record<string, unknown>>;
  if (name === 'added_tokens.json') {
    const own = Object.entries(root).map(([token, id]): [string, unknown] => [token, ids.get(token) ?? id]);
    const further = added.map((token): [string, unknown] => [token, ids.get(token)!]);
    return jsonText(Object.fromEntries<unknown>([...own, ...further]));
  }
  const listed = root['added_tokens_decoder'];
  if (name !== 'tokenizer_config.json' || !isRecord(listed)) return text;
  const extra = Object.fromEntries(added.map((token) => [String(ids.get(token)!), entryOf(token)]));
  return setJsonField(text, ['added_tokens_decoder'], { ...listed, ...extra });
}

/** Without a `tokenizer.json`, and without a list in the configuration, `added_tokens.json` has the tokens that the model lacks. */
function lists(texts: ReadonlyMap<string, string>, { added, ids }: TokenizerEdits): PlannedFile[] {
  const config = texts.get('tokenizer_config.json');
  const hasList = config !== undefined && isRecord((parsePythonJson(config) as Readonly<Record<string, unknown>>)['added_tokens_decoder']);
  if (added.length === 0 || texts.has('tokenizer.json') || texts.has('added_tokens.json') || hasList) return [];
  const content = jsonText(Object.fromEntries(added.map((token) => [token, ids.get(token)!])));
  return [writtenFile('added_tokens.json', content, `ids of ${plural(added.length, 'added token')}`)];
}

interface ExtendedTokenizer {
  readonly text: string;
  readonly finding: readonly Finding[];
}

/** The file as it is, with entries before the end of its list, and of its vocabulary where the library would give other ids. */
function extendTokenizerJson(text: string, { ids, entryOf }: TokenizerEdits, owner: OpenInput): ExtendedTokenizer {
  const bytes = Buffer.from(text);
  const parts = scanTokenizer(bytes);
  if (parts?.words === null || parts === null) return { text, finding: [] };
  const listed = Array.isArray(parts.addedTokens) ? (parts.addedTokens as unknown[]).filter(isRecord) : [];
  const known = new Set([...parts.words.keys(), ...listed.map(({ content }) => content)]);
  const missing = [...ids].filter(([token]) => !known.has(token)).sort(([, one], [, other]) => one - other);
  if (missing.length === 0) return { text, finding: [] };
  const next = nextId(parts, listed);
  const isInOrder = missing.every(([, id], index) => id === next + index);
  const entries = missing.map(([token, id]) => ({ id, ...entryOf(token) }));
  const isMap = bytes[parts.wordsEnd] === 0x7d;
  const words = isInOrder || !isMap ? '' : missing.map(([token, id]) => `,${JSON.stringify(token)}:${id}`).join('');
  return { text: insert(bytes, parts, entries, words), finding: isInOrder || isMap ? [] : [gapFinding(owner, missing[0]![1])] };
}

/** The id that the library gives the next added token. */
function nextId({ words, wordCount }: TokenizerParts, listed: readonly Readonly<Record<string, unknown>>[]): number {
  let next = wordCount;
  for (const { content } of listed) next = Math.max(next, (words!.get(String(content)) ?? next) + 1);
  return next;
}

function insert(bytes: Buffer, { addedTokensAt, addedTokens, wordsEnd }: TokenizerParts, entries: readonly Entry[], words: string): string {
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  const isEmpty = !Array.isArray(addedTokens) || addedTokens.length === 0;
  const list = `${isEmpty ? '' : ','}\n${lines}\n  `;
  const places = [
    addedTokensAt === null
      ? { at: bytes.indexOf('{') + 1, text: `"added_tokens":[${list}],` }
      : { at: endOf(bytes, addedTokensAt.end), text: list },
    { at: words === '' ? null : wordsEnd, text: words },
  ].flatMap(({ at, text }) => (at === null ? [] : [{ at, text }]));
  let result = '';
  let done = 0;
  for (const { at, text } of places.sort((one, other) => one.at - other.at)) {
    result += bytes.toString('utf8', done, at) + text;
    done = at + (text === words ? 0 : blanksAt(bytes, at));
  }
  return result + bytes.toString('utf8', done);
}

/** Where the list's last entry ends: white space before its bracket is written anew. */
function endOf(bytes: Buffer, bracket: number): number {
  let at = bracket;
  while (isBlank(bytes[at - 1])) at--;
  return at;
}

function blanksAt(bytes: Buffer, at: number): number {
  let count = 0;
  while (isBlank(bytes[at + count])) count++;
  return count;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The library numbers added tokens itself, which goes wrong where ids are missing and the vocabulary is a list. */
function gapFinding({ role }: OpenInput, first: number): Finding {
  const message = `The ids in the tokenizer of ${role} have gaps, so that the tokenizer library may give the added tokens other ids than their rows (${first} and on). Check the output's tokenizer.`;
  return { severity: 'warning', code: 'token-ids-with-gaps', message };
}
