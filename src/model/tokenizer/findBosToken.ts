import { isRecord } from '../../base/json/record.js';
import { componentsOf, type Component } from './faithfulSplits.js';

/**
 * The token that stands before every text, by what the checkpoint's own tokenizer does when special tokens are asked for:
 * 1. `add_bos_token` of `tokenizer_config.json`, where it is given: `bos_token` if true, none if false;
 * 2. else the special token that the template of `tokenizer.json` puts first;
 * 3. else none.
 * A `bos_token` that nothing puts before texts (GPT-2, Pythia) is not used: the model never saw it there.
 * @param config the root of `tokenizer_config.json`
 * @returns its text, or null
 */
export function findBosToken(tokenizer: Component, config: Component): string | null {
  const bos = tokenText(config['bos_token']);
  if (config['add_bos_token'] === true && bos !== null) return bos;
  if (config['add_bos_token'] === false) return null;
  return templateToken(tokenizer);
}

/** A token of a configuration: its text, or an object with it. */
function tokenText(token: unknown): string | null {
  const text = isRecord(token) ? token['content'] : token;
  return typeof text === 'string' && text !== '' ? text : null;
}

function templateToken(tokenizer: Component): string | null {
  const template = componentsOf(tokenizer['post_processor'], 'processors').find(({ type }) => type === 'TemplateProcessing');
  const single = template?.['single'];
  const first: unknown = Array.isArray(single) ? single[0] : undefined;
  const special = isRecord(first) ? first['SpecialToken'] : undefined;
  const id = isRecord(special) ? special['id'] : undefined;
  return typeof id === 'string' ? id : null;
}
