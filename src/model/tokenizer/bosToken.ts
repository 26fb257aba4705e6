import { FormatError, quoteName } from '../../base/formatError.js';
import { isRecord } from '../../base/json/record.js';
import type { Finding } from '../../checkpoint/index.js';
import { componentsOf, type Component } from './faithfulSplits.js';
import { libraryClass } from './libraryClass.js';

/**
 * Whether texts begin with a token of the tokenizer's own (BOS).
 * - `auto`: as transformers 5 does it for the checkpoint (`leadOf`).
 * - `always`: with the token that the files name as BOS.
 * - `never`: without one.
 */
export const bosChoices = ['auto', 'always', 'never'] as const;
export type BosChoice = (typeof bosChoices)[number];

/** The roots of a checkpoint's files; empty where there is none. */
export interface BosFiles {
  readonly tokenizer: Component;
  readonly tokenizerConfig: Component;
  readonly modelConfig: Component;
}

/** What stands before every text, and which file says so. */
export interface BosToken {
  /** Null where texts begin without one. */
  readonly token: number | null;
  /** A clause: `the template of tokenizer.json puts it there`. */
  readonly reason: string;
  readonly findings: readonly Finding[];
}

/** Finds the id of a token; null where the vocabulary lacks it. */
type IdOf = (token: string) => number | null;

/** @throws FormatError when a token is asked for and no file names one */
export function chooseBosToken(choice: BosChoice, files: BosFiles, idOf: IdOf, file: string): BosToken {
  switch (choice) {
    case 'auto':
      return libraryBos(files, idOf, file);
    case 'always':
      return { token: namedBos(files, idOf, file), reason: 'as asked for', findings: [] };
    case 'never':
      return { token: null, reason: 'as asked for', findings: [] };
    default:
      return choice satisfies never;
  }
}

function libraryBos(files: BosFiles, idOf: IdOf, file: string): BosToken {
  const lead = leadOf(files, idOf);
  const [token] = lead.tokens;
  return { token: token ?? null, reason: lead.reason, findings: [...flagFinding(files, lead, file), ...furtherFinding(lead, file)] };
}

interface Lead {
  readonly tokens: readonly number[];
  readonly reason: string;
}

/**
 * The ids that the tokenizer of transformers 5.24 puts before a text. Where there is a `tokenizer.json` it takes no notice of
 * `add_bos_token` (`PreTrainedTokenizerBase._from_pretrained`) and goes by the template in that file, but for two classes that write
 * a template of their own: GPT-NeoX's puts nothing, Code Llama's always BOS.
 */
export function leadOf(files: BosFiles, idOf: IdOf): Lead {
  const { tokenizer, tokenizerConfig, modelConfig } = files;
  const hasByteLevel = JSON.stringify({ ...tokenizer, model: null, added_tokens: null }).includes('"ByteLevel"');
  const name = libraryClass({ tokenizerConfig, modelConfig, hasByteLevel });
  if (name === 'GPTNeoXTokenizer') return { tokens: [], reason: 'transformers 5 puts none before texts for GPTNeoXTokenizer' };
  if (name === 'CodeLlamaTokenizer') {
    const bos = idOf(tokenText(tokenizerConfig['bos_token']) ?? '<s>');
    return { tokens: bos === null ? [] : [bos], reason: 'transformers 5 puts it before texts for CodeLlamaTokenizer' };
  }
  const tokens = templateLead(tokenizer['post_processor']);
  const reason = tokens.length > 0 ? 'the template of tokenizer.json puts it there' : 'the template of tokenizer.json puts none there';
  return { tokens, reason };
}

/** Ids before the text in what post-processors make of a single one. */
function templateLead(processor: unknown): number[] {
  return componentsOf(processor, 'processors').flatMap(({ type, single, cls, special_tokens: specials }) => {
    if (type === 'BertProcessing' || type === 'RobertaProcessing') return Array.isArray(cls) && isId(cls[1]) ? [cls[1]] : [];
    if (type !== 'TemplateProcessing' || !Array.isArray(single)) return [];
    const pieces = (single as unknown[]).map((piece) =>
      isRecord(piece) && isRecord(piece['SpecialToken']) ? piece['SpecialToken'] : null,
    );
    const first = pieces.indexOf(null);
    return pieces.slice(0, first < 0 ? undefined : first).flatMap((piece) => {
      const entry = isRecord(specials) ? specials[String(piece!['id'])] : undefined;
      return isRecord(entry) && Array.isArray(entry['ids']) ? entry['ids'].filter(isId) : [];
    });
  });
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function namedBos({ tokenizerConfig, modelConfig }: BosFiles, idOf: IdOf, file: string): number {
  const text = tokenText(tokenizerConfig['bos_token']);
  const stated = modelConfig['bos_token_id'];
  const id = text === null ? (isId(stated) ? stated : null) : idOf(text);
  if (id !== null) return id;
  const problem =
    text === null
      ? 'no file names a token that begins texts (bos_token)'
      : `the token ${quoteName(text)} that begins texts is not in the vocabulary`;
  throw new FormatError({
    file,
    problem,
    remedy: 'Name it in tokenizer_config.json, or score without one: with BOS "never", or "auto" for what transformers does.',
  });
}

/** A token of a configuration: its text, or an object with it. */
function tokenText(token: unknown): string | null {
  const text = isRecord(token) ? token['content'] : token;
  return typeof text === 'string' && text !== '' ? text : null;
}

/** Where `add_bos_token` of the configuration is not what the library does. */
export function flagFinding(
  { tokenizerConfig }: Pick<BosFiles, 'tokenizerConfig'>,
  { tokens }: Pick<Lead, 'tokens'>,
  file: string,
): Finding[] {
  const flag = tokenizerConfig['add_bos_token'];
  const has = tokens.length > 0;
  if (typeof flag !== 'boolean' || flag === has) return [];
  const wanted = flag ? 'asks for a token before every text (add_bos_token true)' : 'wants no token before texts (add_bos_token false)';
  const done = has ? 'puts one there' : 'puts none there';
  const message = `tokenizer_config.json ${wanted}, and tokenizer.json ${done}. transformers 5 goes by tokenizer.json; other programs, and earlier versions, may not.`;
  return [{ severity: 'warning', code: 'bos-differs', message, file }];
}

function furtherFinding({ tokens }: Lead, file: string): Finding[] {
  if (tokens.length < 2) return [];
  const message = `The template of tokenizer.json puts ${tokens.length} tokens before a text, of which only the first is used here.`;
  return [{ severity: 'warning', code: 'bos-several', message, file }];
}
