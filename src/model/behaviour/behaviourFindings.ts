import { join } from 'node:path';
import { FileAccessError, FormatError } from '../../base/formatError.js';
import type { JsonObject } from '../../base/json/readJson.js';
import { isRecord } from '../../base/json/record.js';
import type { CompanionReader, Finding } from '../../checkpoint/index.js';
import { flagFinding, leadOf } from '../tokenizer/index.js';
import { scanFrame, tokenText, type TokenizerFrame } from '../vocabulary/index.js';
import { chatTemplateFindings } from './chatTemplates.js';
import { stopTokenFindings } from './stopTokens.js';

const names = { config: 'config.json', tokenizerConfig: 'tokenizer_config.json', tokenizer: 'tokenizer.json' } as const;

/** Codes of what `behaviourFindings` finds. */
export const behaviourCodes: ReadonlySet<string> = new Set([
  'bos-differs',
  'chat-templates-differ',
  'stop-tokens-differ',
  'stop-token-unused',
]);

/**
 * Where files of one model say different things of what it is given and where it ends: a token before texts, the chat template, stop
 * tokens. A finding names the files, and what transformers 5 does. Of `tokenizer.json` the words are not read.
 */
export async function behaviourFindings(folder: string, companions: CompanionReader): Promise<Finding[]> {
  const file = join(folder, names.tokenizerConfig);
  try {
    const [modelConfig, tokenizerConfig] = await Promise.all([
      companions.object(join(folder, names.config)).catch(() => null), // that it cannot be read is said elsewhere
      companions.object(file),
    ]);
    const frame = await readFrame(folder, tokenizerConfig, companions);
    return [
      ...(frame === null || tokenizerConfig === null ? [] : startFindings(frame, tokenizerConfig, modelConfig ?? {}, file)),
      ...chatTemplateFindings(await readTemplates(folder, tokenizerConfig, companions), file),
      ...(await stopTokenFindings(folder, modelConfig ?? {}, endToken(frame, tokenizerConfig), companions)),
    ];
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof FileAccessError)) throw error;
    const message = `How the model is prompted is not known: ${error.message}`;
    return [{ severity: 'warning', code: 'tokenizer-config-unreadable', message, file }];
  }
}

/** Null where nothing in the configuration can disagree with it, or where it cannot be used, which is said where it is needed. */
async function readFrame(folder: string, config: JsonObject | null, companions: CompanionReader): Promise<TokenizerFrame | null> {
  if (config?.['add_bos_token'] === undefined && tokenText(config?.['eos_token']) === '') return null;
  const bytes = await companions.bytes(join(folder, names.tokenizer)).catch(() => null);
  return bytes === null ? null : scanFrame(bytes);
}

function startFindings(
  { frame, addedTokens }: TokenizerFrame,
  tokenizerConfig: JsonObject,
  modelConfig: JsonObject,
  file: string,
): Finding[] {
  const lead = leadOf({ tokenizer: frame, tokenizerConfig, modelConfig }, (token) => idIn(addedTokens, token));
  return flagFinding({ tokenizerConfig }, lead, file);
}

/** The token that ends a turn by the tokenizer, where the list of added tokens has it. */
function endToken(frame: TokenizerFrame | null, config: JsonObject | null): { readonly text: string; readonly id: number } | null {
  const text = tokenText(config?.['eos_token']);
  const id = frame === null ? null : idIn(frame.addedTokens, text);
  return id === null ? null : { text, id };
}

function idIn(list: unknown, token: string): number | null {
  const entries = Array.isArray(list) ? (list as unknown[]).filter(isRecord) : [];
  const id = entries.find(({ content }) => content === token)?.['id'];
  return typeof id === 'number' ? id : null;
}

async function readTemplates(
  folder: string,
  config: JsonObject | null,
  companions: CompanionReader,
): Promise<Parameters<typeof chatTemplateFindings>[0]> {
  const further = await companions.namesIfPresent(join(folder, 'additional_chat_templates'));
  return {
    configured: config?.['chat_template'],
    file: await companions.text(join(folder, 'chat_template.jinja')),
    additional: further.filter((name) => name.endsWith('.jinja')),
    ofProcessor: await companions.object(join(folder, 'chat_template.json')),
  };
}
