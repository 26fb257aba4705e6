import { createHash } from 'node:crypto';
import type { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { isRecord, parseJsonText } from '../../base/json/record.js';
import { withFaithfulSplits, type Component } from './faithfulSplits.js';
import { chooseBosToken, type BosChoice } from './bosToken.js';
import { tokenBytesOf, type TokenBytes } from './tokenBytes.js';
import type { LoadedTokenizer } from './tokenizer.js';
import { tokenizerFindings } from './tokenizerFindings.js';
import { FormatError, quoteName } from '../../base/formatError.js';

export interface TokenizerFiles {
  /** Path of `tokenizer.json`, for messages. */
  readonly file: string;
  /** Text of `tokenizer.json`. */
  readonly text: string;
  /** Text of `tokenizer_config.json`; null where there is none. */
  readonly configText: string | null;
  /** Text of `config.json`; null where there is none. */
  readonly modelConfigText: string | null;
  readonly bos: BosChoice;
}

const remedy = 'Repair the file, take it again from where the model came from, or score with a command of your own.';

/**
 * A checkpoint's tokenizer, for a thread that can be ended: its expressions are a stranger's, and may never come to an end.
 * @throws FormatError when a file is not JSON, or asks for something that is not supported
 */
export async function loadTokenizer({ file, text, configText, modelConfigText, bos: choice }: TokenizerFiles): Promise<LoadedTokenizer> {
  const root = parseRoot(file, text);
  const tokenizerConfig = configText === null ? {} : parseRoot(`${file} (tokenizer_config.json beside it)`, configText);
  const modelConfig = modelConfigText === null ? {} : parseRoot(`${file} (config.json beside it)`, modelConfigText);
  const library = await openLibrary(file, root);
  const idOf = (token: string): number | null => library.token_to_id(token) ?? null;
  const bos = chooseBosToken(choice, { tokenizer: root, tokenizerConfig, modelConfig }, idOf, file);
  const added = new Set([...library.get_added_tokens_decoder().values()].map(({ content }) => content));
  return {
    file,
    hash: createHash('sha256').update(text).digest('hex'),
    bosToken: bos.token,
    bosReason: bos.reason,
    unknownToken: library.model?.unk_token_id ?? null,
    findings: [...tokenizerFindings(root, file), ...bos.findings],
    encode: (content) => encode(library, content, file),
    bytesOf: cachedBytes(library, tokenBytesOf(root, added)),
  };
}

function parseRoot(file: string, text: string): Component {
  try {
    const root = parseJsonText(text);
    if (isRecord(root)) return root;
  } catch (error) {
    throw new FormatError({ file, problem: `it is not JSON: ${messageOf(error)}`, remedy }, { cause: error });
  }
  throw new FormatError({ file, problem: 'it is not a JSON object', remedy });
}

/** Parts that a `tokenizer.json` may lack: as if they were null, as for the Rust library. */
export const absentParts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] };

/** Only `tokenizer.json` counts, as for the Rust library. */
async function openLibrary(file: string, root: Component): Promise<LibraryTokenizer> {
  const { Tokenizer } = await import('@huggingface/tokenizers'); // on demand: it would cost every start 10 ms
  try {
    return new Tokenizer({ ...absentParts, ...withFaithfulSplits(root) }, {});
  } catch (error) {
    throw new FormatError({ file, problem: `the tokenizer cannot be used: ${messageOf(error)}`, remedy }, { cause: error });
  }
}

function encode(library: LibraryTokenizer, text: string, file: string): Uint32Array {
  const { ids, tokens } = library.encode(text, { add_special_tokens: false });
  const missing = ids.findIndex((id: unknown) => typeof id !== 'number'); // the library's types do not admit it
  if (missing < 0) return Uint32Array.from(ids);
  const problem = `the vocabulary has no id for ${quoteName(tokens[missing]!)} and no token for unknown text`;
  throw new FormatError({ file, problem, remedy });
}

function cachedBytes(library: LibraryTokenizer, bytesOf: TokenBytes): LoadedTokenizer['bytesOf'] {
  const known = new Map<number, Uint8Array>();
  return (token) => {
    const bytes = known.get(token) ?? bytesOf(library.id_to_token(token) ?? '');
    known.set(token, bytes);
    return bytes;
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
