import { join } from 'node:path';
import type { Finding } from '../../checkpoint/index.js';
import type { PlannedFile } from '../plan.js';
import { removeField } from '../../base/json/editJson.js';
import { setJsonField } from './jsonText.js';
import type { OpenInput } from './openInputs.js';
import { copyOf, edited, textOf } from './plannedFile.js';
import { translateIds, type ChangedTokenId } from './planTokenIds.js';

const file = 'generation_config.json';
/** Fields that hold one token id or a list of them. */
const idField = /_token_ids?$/;

export interface GenerationPlan {
  readonly files: readonly PlannedFile[];
  readonly findings: readonly Finding[];
}

/**
 * Generation settings of the chat side, its token ids translated to the output's; else the template's, with the special
 * tokens that the fine-tune changed in its `config.json`: the library would take them from there.
 */
export async function planGenerationConfig(
  chat: OpenInput,
  template: OpenInput,
  idOf: (token: string) => number | null,
  changed: readonly ChangedTokenId[],
): Promise<GenerationPlan> {
  const own = await chat.companions.object(join(chat.folder, file));
  const fallback = await fallbackFile(chat, template, changed);
  if (own === null || chat === template) return { files: fallback, findings: [] };
  const plain = await copyOf(chat, file, `generation settings of ${chat.role}`);
  const original = await textOf(plain, chat);
  const content = translate(original, own, chat, idOf);
  if (content === null) {
    const message = `The generation settings of ${chat.role} name tokens that the output's vocabulary lacks: those of ${template.role} are used.`;
    return { files: fallback, findings: [{ severity: 'warning', code: 'generation-config', message }] };
  }
  return { files: [edited(plain, original, content, 'token ids translated')], findings: [] };
}

async function fallbackFile(chat: OpenInput, template: OpenInput, changed: readonly ChangedTokenId[]): Promise<PlannedFile[]> {
  const own = await template.companions.object(join(template.folder, file));
  if (own === null) return [];
  const plain = await copyOf(template, file, `generation settings of ${template.role}`);
  const original = await textOf(plain, template);
  const content = changed
    .filter(({ name }) => name in own)
    .reduce((text, { name, value }) => (value === null ? removeField(text, [name]) : setJsonField(text, [name], value)), original);
  return [edited(plain, original, content, `with special tokens of ${chat.role}`)];
}

/** Null when a token has no id in the output. Without a vocabulary the ids stand for themselves. */
function translate(
  text: string,
  settings: Readonly<Record<string, unknown>>,
  { vocabulary }: OpenInput,
  idOf: (token: string) => number | null,
): string | null {
  let result = text;
  for (const [field, value] of Object.entries(settings)) {
    if (!idField.test(field) || vocabulary === null) continue;
    const ids = [value].flat().filter((id) => typeof id === 'number');
    const translated = translateIds(ids, vocabulary, idOf);
    if (translated === null) return null;
    if (translated.some((id, index) => id !== ids[index]))
      result = setJsonField(result, [field], Array.isArray(value) ? translated : translated[0]);
  }
  return result;
}
