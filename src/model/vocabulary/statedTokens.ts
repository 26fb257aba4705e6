import { join } from 'node:path';
import type { JsonObject } from '../../base/json/readJson.js';
import { isRecord } from '../../base/json/record.js';
import type { CompanionReader } from '../../checkpoint/index.js';
import { addedToken, parseAddedToken, type AddedToken } from './coreVocabulary.js';
import { isTokenId } from './scanTokenizer.js';

/** A token that a file names, and the id that it states; null where it states none. */
export interface StatedToken {
  readonly token: AddedToken;
  readonly id: number | null;
  readonly file: string;
}

/** What the files beside a tokenizer's own say of its tokens. */
export interface StatedTokens {
  /** In the order in which transformers 5 adds those that the tokenizer lacks. */
  readonly read: readonly StatedToken[];
  /** Named by `added_tokens.json` where transformers 5 does not read it: `tokenizer_config.json` lists the added tokens. */
  readonly unread: readonly StatedToken[];
  /** Whether `tokenizer_config.json` has a list of all added tokens. */
  readonly isListed: boolean;
}

export const nothingStated: StatedTokens = { read: [], unread: [], isListed: false };

/** Special tokens by role, in the order in which the library adds them. */
export const roleNames = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'] as const;

const files = { config: 'tokenizer_config.json', map: 'special_tokens_map.json', added: 'added_tokens.json' } as const;

/**
 * Added and special tokens that `tokenizer_config.json`, `special_tokens_map.json` and `added_tokens.json` name. As transformers 5.24
 * (`PreTrainedTokenizerBase._from_pretrained`) has it, the latter two count only where the first has no `added_tokens_decoder`.
 * @throws FileAccessError, FormatError for a file that is there and cannot be read
 */
export async function readStatedTokens(folder: string, companions: CompanionReader): Promise<StatedTokens> {
  const [config, map, added] = await Promise.all(
    [files.config, files.map, files.added].map((name) => companions.object(join(folder, name))),
  );
  const decoder = config?.['added_tokens_decoder'];
  const listed = Object.entries(added ?? {}).flatMap(([content, id]) => stated(addedToken(content, false), id, files.added));
  if (isRecord(decoder)) {
    const own = Object.entries(decoder).flatMap(([id, entry]) => stated(parseAddedToken(entry), Number(id), files.config));
    return { read: [...byId(own), ...namedTokens(config ?? {}, null)], unread: listed, isListed: true };
  }
  const named = namedTokens(config ?? {}, map ?? null);
  const special = new Set(named.map(({ token }) => token.content));
  const marked = listed.map((entry) => ({ ...entry, token: addedToken(entry.token.content, special.has(entry.token.content)) }));
  return { read: [...byId(marked), ...named], unread: [], isListed: false };
}

function stated(token: AddedToken | null, id: unknown, file: string): StatedToken[] {
  return token === null || !isTokenId(id) ? [] : [{ token, id, file }];
}

function byId(tokens: readonly StatedToken[]): StatedToken[] {
  return [...tokens].sort((one, other) => one.id! - other.id!);
}

/**
 * Special tokens by role, those with a role of the model's own (`image_token`), and further ones, without ids.
 * @param map that of `special_tokens_map.json`, where it counts: its fields replace those of the configuration, lists are joined
 */
function namedTokens(config: JsonObject, map: JsonObject | null): StatedToken[] {
  const fields = { ...config, ...map };
  const own = Object.keys(fields).filter((name) => name.endsWith('_token') && !(roleNames as readonly string[]).includes(name));
  const roles = [...roleNames, ...own].map((name) => fields[name]);
  const extra = [config['extra_special_tokens'] ?? config['additional_special_tokens'], map?.['extra_special_tokens']];
  const ofModel = [config['extra_special_tokens'], map?.['extra_special_tokens']].filter(isRecord).flatMap(Object.values) as unknown[];
  const further = [...extra, config['additional_special_tokens'], map?.['additional_special_tokens']]
    .filter(Array.isArray)
    .flat() as unknown[];
  const file = map === null ? files.config : files.map;
  const contents = new Set([...roles, ...ofModel, ...further].map(tokenText).filter((content) => content !== ''));
  return [...contents].map((content) => ({ token: addedToken(content, true), id: null, file }));
}

/** A special token is written as its text, or as an object with its text. Empty for anything else. */
export function tokenText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isRecord(value) && typeof value['content'] === 'string' ? value['content'] : '';
}
