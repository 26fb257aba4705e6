import { join } from 'node:path';
import { FileAccessError, FormatError, quoteName } from '../../base/formatError.js';
import type { JsonObject } from '../../base/json/readJson.js';
import { isRecord } from '../../base/json/record.js';
import type { CompanionReader, Finding } from '../../checkpoint/index.js';
import { readSettings } from '../settings/index.js';

const name = 'generation_config.json';

/** A token by its text and id. */
interface EndToken {
  readonly text: string;
  readonly id: number;
}

/**
 * Where generated text ends, if the files of a model do not agree: `generate` of transformers 5.24 reads
 * `generation_config.json`, even where that names no token, and `config.json` only where that file is missing. Other programs read
 * `config.json` or the tokenizer's configuration, so a token that only those name is a warning.
 * @param config the model's parsed `config.json`
 * @param endOfTurn `eos_token` of `tokenizer_config.json`; null where there is none, or its id is not known
 */
export async function stopTokenFindings(
  folder: string,
  config: JsonObject,
  endOfTurn: EndToken | null,
  companions: CompanionReader,
): Promise<Finding[]> {
  const file = join(folder, name);
  try {
    const generation = await companions.object(file);
    const stated = statedIn(config);
    const used = stopTokens(config, generation);
    return [
      ...(generation === null ? [] : compareStopTokens(file, stated, used)),
      ...turnFinding(file, generation === null ? whichConfig(stated) : name, used, endOfTurn),
    ];
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof FileAccessError)) throw error;
    const message = `${name} cannot be used: ${error.message} How text is generated is not known.`;
    return [{ severity: 'warning', code: 'generation-config-unreadable', message, file }];
  }
}

/** Ids at which `generate` of transformers ends a text. @param generation the parsed `generation_config.json`; null where there is none */
export function stopTokens(config: JsonObject, generation: JsonObject | null): number[] {
  return idsOf(generation === null ? readSettings(config).values['eos_token_id'] : generation['eos_token_id']);
}

function compareStopTokens(file: string, stated: readonly number[], used: readonly number[]): Finding[] {
  const isKnown = used.length > 0 && stated.every((id) => used.includes(id));
  if (stated.length === 0 || (isKnown && used.every((id) => stated.includes(id)))) return [];
  const ends = used.length === 0 ? `${name} at none` : `${name} at ${used.join(', ')}`;
  const message = `config.json ends generated text at token ${stated.join(', ')}, ${ends}. transformers goes by ${name}; a program that reads config.json alone ends text elsewhere.`;
  return [{ severity: isKnown ? 'info' : 'warning', code: 'stop-tokens-differ', message, file }];
}

function turnFinding(file: string, by: string, used: readonly number[], end: EndToken | null): Finding[] {
  if (end === null || used.length === 0 || used.includes(end.id)) return [];
  const message = `tokenizer_config.json ends a text with ${quoteName(end.text)} (token ${end.id}), ${by} ends generated text at ${used.join(', ')}: generate of transformers does not stop at that token.`;
  return [{ severity: 'warning', code: 'stop-token-unused', message, file }];
}

function whichConfig(stated: readonly number[]): string {
  return stated.length > 0 ? 'config.json' : "the library's default for config.json";
}

function statedIn(config: JsonObject): number[] {
  const text = config['text_config'];
  return idsOf(config['eos_token_id'] ?? (isRecord(text) ? text['eos_token_id'] : null));
}

function idsOf(value: unknown): number[] {
  return [value].flat().filter((id): id is number => typeof id === 'number');
}
