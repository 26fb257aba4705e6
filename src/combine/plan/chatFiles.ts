import { join } from 'node:path';
import type { JsonObject } from '../../base/json/readJson.js';
import { parsePythonJson } from '../../base/json/pythonJson.js';
import type { Finding } from '../../checkpoint/index.js';
import type { PlannedFile } from '../plan.js';
import { jsonText, setJsonField } from './jsonText.js';
import { nameList } from '../../base/nameList.js';
import type { OpenInput } from './openInputs.js';
import { copyOf, edited, presentNames, textOf } from './plannedFile.js';

const templateFiles = ['chat_template.jinja', 'chat_template.json'];

/** Roles of special tokens. A chat template refers to some of them by name. */
const roleNames = ['bos_token', 'eos_token', 'pad_token', 'unk_token', 'sep_token', 'cls_token', 'mask_token'];

export interface CarriedChat {
  readonly files: readonly PlannedFile[];
  readonly findings: readonly Finding[];
}

/**
 * Puts the chat template of another version into a set of tokenizer files, with the special tokens it counts on. A
 * version without a chat template leaves the files as they are.
 * @param owner whose files they are
 * @param hasToken whether the output's vocabulary has a token
 */
export async function carryChat(
  files: readonly PlannedFile[],
  owner: OpenInput,
  chat: OpenInput,
  hasToken: (token: string) => boolean,
): Promise<CarriedChat> {
  const config = await chat.companions.object(join(chat.folder, 'tokenizer_config.json'));
  const separate = await presentNames(chat, templateFiles);
  if (config?.['chat_template'] === undefined && separate.length === 0) return { files, findings: [] };
  const special = specialTokens(config ?? {}, await chat.companions.object(join(chat.folder, 'special_tokens_map.json')));
  const known = Object.fromEntries(Object.entries(special).filter(([, value]) => hasToken(tokenText(value))));
  const lost = Object.values(special)
    .map(tokenText)
    .filter((token) => !hasToken(token));
  const others = files.filter(({ name }) => !templateFiles.includes(name));
  const changed = await Promise.all(others.map((file) => editFile(file, owner, chat, config, known)));
  const copied = await Promise.all(separate.map((name) => copyOf(chat, name, `chat template of ${chat.role}`)));
  return { files: [...changed, ...copied], findings: lostTokens(chat, lost) };
}

function specialTokens(config: JsonObject, map: JsonObject | null): JsonObject {
  const merged = { ...map, ...config };
  return Object.fromEntries(roleNames.flatMap((name) => (tokenText(merged[name]) === '' ? [] : [[name, merged[name]]])));
}

/** A special token is written as its text, or as an object with its text. */
function tokenText(value: unknown): string {
  if (typeof value === 'string') return value;
  const content = (value as JsonObject | null | undefined)?.['content'];
  return typeof content === 'string' ? content : '';
}

async function editFile(
  file: PlannedFile,
  owner: OpenInput,
  chat: OpenInput,
  config: JsonObject | null,
  special: JsonObject,
): Promise<PlannedFile> {
  if (file.name !== 'tokenizer_config.json' && file.name !== 'special_tokens_map.json') return file;
  const original = await textOf(file, owner);
  const withTokens = Object.entries(special).reduce((text, [name, value]) => setToken(text, name, value), original);
  const content = file.name === 'tokenizer_config.json' ? setTemplate(withTokens, config?.['chat_template']) : withTokens;
  return edited(file, original, content, `with chat template and special tokens of ${chat.role}`);
}

/** Leaves a token alone that is the same already, however it is written. */
function setToken(text: string, name: string, value: unknown): string {
  const own = (parsePythonJson(text) as JsonObject)[name];
  return tokenText(own) === tokenText(value) ? text : setJsonField(text, [name], value);
}

function setTemplate(text: string, template: unknown): string {
  if (template !== undefined) return setJsonField(text, ['chat_template'], template);
  const { chat_template: own, ...rest } = parsePythonJson(text) as JsonObject;
  return own === undefined ? text : jsonText(rest);
}

function lostTokens(chat: OpenInput, lost: readonly string[]): Finding[] {
  if (lost.length === 0) return [];
  const message = `Special tokens of ${chat.role} that the output's vocabulary lacks: ${nameList(lost)}. The target's are used in their place; check the chat template.`;
  return [{ severity: 'warning', code: 'special-tokens-lost', message }];
}
