import type { JsonObject } from '../../base/json/readJson.js';
import { isRecord } from '../../base/json/record.js';
import { nameList } from '../../base/nameList.js';
import type { Finding } from '../../checkpoint/index.js';

/** The chat templates that a model's files hold. */
export interface ChatTemplates {
  /** `chat_template` of `tokenizer_config.json`: a text, or a list of named ones. */
  readonly configured: unknown;
  /** Text of `chat_template.jinja`; null where there is none. */
  readonly file: string | null;
  /** Names in `additional_chat_templates/`. */
  readonly additional: readonly string[];
  /** The root of `chat_template.json`; null where there is none. */
  readonly ofProcessor: JsonObject | null;
}

/**
 * The template that the tokenizer of transformers 5.24 uses when none is named: `chat_template.jinja`, and `tokenizer_config.json` only
 * where there are no files, those of `additional_chat_templates/` included (`PreTrainedTokenizerBase._from_pretrained`).
 * @returns null where there is no template at all, false where there are some but none that is used without naming it
 */
export function templateInUse({ configured, file, additional }: ChatTemplates): string | null | false {
  if (file !== null) return file;
  if (additional.length > 0) return false;
  return defaultOf(configured);
}

function defaultOf(configured: unknown): string | null | false {
  if (typeof configured === 'string') return configured;
  if (!Array.isArray(configured) || configured.length === 0) return null;
  const named = (configured as unknown[]).filter(isRecord).find(({ name }) => name === 'default');
  return typeof named?.['template'] === 'string' ? named['template'] : false;
}

/** Where a model's files hold other templates than the one in use. */
export function chatTemplateFindings(templates: ChatTemplates, file: string): Finding[] {
  const { configured, file: separate, additional, ofProcessor } = templates;
  const own = defaultOf(configured);
  const found = (message: string): Finding => ({ severity: 'warning', code: 'chat-templates-differ', message, file });
  if (separate === null && additional.length > 0 && own !== null)
    return [
      found(
        `additional_chat_templates (${nameList(additional)}) stands in place of the chat template of tokenizer_config.json: transformers 5 finds none to use unless one is named. Put the template into chat_template.jinja.`,
      ),
    ];
  const others = [
    ...(separate !== null && typeof own === 'string' && own !== separate ? ['tokenizer_config.json'] : []),
    ...(typeof ofProcessor?.['chat_template'] === 'string' && ofProcessor['chat_template'] !== templateInUse(templates)
      ? ['chat_template.json']
      : []),
  ];
  if (others.length === 0) return [];
  const used = separate !== null ? 'chat_template.jinja' : own === null ? 'none of tokenizer_config.json' : 'tokenizer_config.json';
  return [
    found(
      `${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'} another chat template than the one that the tokenizer of transformers 5 uses (${used}): programs that read the other write other prompts.`,
    ),
  ];
}
