import { join } from 'node:path';
import { FileAccessError, FormatError } from '../../base/formatError.js';
import type { JsonObject } from '../../base/json/readJson.js';
import { isRecord } from '../../base/json/record.js';
import type { CompanionReader, Finding } from '../../checkpoint/index.js';

const name = 'generation_config.json';

/**
 * Where generated text ends, if the files of a model do not agree: `generate` of transformers reads
 * `generation_config.json`, and `config.json` only where that is missing. Other programs read `config.json`, so a token
 * that only it names is a warning.
 * @param config the model's parsed `config.json`
 */
export async function stopTokenFindings(folder: string, config: JsonObject, companions: CompanionReader): Promise<Finding[]> {
  const file = join(folder, name);
  try {
    const generation = await companions.object(file);
    return generation === null ? [] : compareStopTokens(file, statedIn(config), idsOf(generation['eos_token_id']));
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof FileAccessError)) throw error;
    const message = `${name} cannot be used: ${error.message} How text is generated is not known.`;
    return [{ severity: 'warning', code: 'generation-config-unreadable', message, file }];
  }
}

function compareStopTokens(file: string, stated: readonly number[], used: readonly number[]): Finding[] {
  const isKnown = stated.every((id) => used.includes(id));
  if (stated.length === 0 || used.length === 0 || (isKnown && used.every((id) => stated.includes(id)))) return [];
  const message = `config.json ends generated text at token ${stated.join(', ')}, ${name} at ${used.join(', ')}. transformers goes by ${name}; a program that reads config.json alone ends text elsewhere.`;
  return [{ severity: isKnown ? 'info' : 'warning', code: 'stop-tokens-differ', message, file }];
}

function statedIn(config: JsonObject): number[] {
  const text = config['text_config'];
  return idsOf(config['eos_token_id'] ?? (isRecord(text) ? text['eos_token_id'] : null));
}

function idsOf(value: unknown): number[] {
  return [value].flat().filter((id): id is number => typeof id === 'number');
}
