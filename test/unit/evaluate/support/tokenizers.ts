import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { encodeText, spell } from '../../../../src/model/tokenizer/encodeText.js';
import type { Tokenizer } from '../../../../src/model/tokenizer/index.js';
import { loadTokenizer } from '../../../../src/model/tokenizer/loadTokenizer.js';
import type { LoadedTokenizer } from '../../../../src/model/tokenizer/tokenizer.js';

const sampleFolder = 'samples/base-1';
const goldenFolder = 'test/goldens/tokenizers';

interface StoredGolden {
  /** Null for the samples' own. */
  readonly tokenizer: string | null;
  readonly ids: readonly (readonly number[])[];
  /** Of each prompt with its continuation: ids of both, and how many are the prompt's. */
  readonly pairs: readonly [ids: readonly number[], cut: number][];
  readonly longCount: number;
  readonly longSha256: string;
}

export interface TokenizerGolden extends StoredGolden {
  readonly tokenizer: string;
}

/** A tokenizer of one kind, and what the Rust library makes of the texts. */
export function readGolden(kind: string): TokenizerGolden {
  const golden = JSON.parse(gunzipSync(readFileSync(`${goldenFolder}/${kind}.json.gz`)).toString('utf8')) as StoredGolden;
  return { ...golden, tokenizer: golden.tokenizer ?? readFileSync(`${sampleFolder}/tokenizer.json`, 'utf8') };
}

export function readGoldenTexts(): readonly string[] {
  return (JSON.parse(readFileSync(`${goldenFolder}/texts.json`, 'utf8')) as { texts: string[] }).texts;
}

/** Prompts with a continuation each. */
export function readGoldenPairs(): readonly [prompt: string, continuation: string][] {
  return (JSON.parse(readFileSync(`${goldenFolder}/texts.json`, 'utf8')) as { pairs: [string, string][] }).pairs;
}

/** What a tokenizer needs besides, where nothing else is said. */
export const asIs = { modelConfigText: null, bos: 'auto' } as const;

const loaded = new Map<string, Promise<LoadedTokenizer>>();

/** The tokenizer of a golden, loaded once; `config` is the content of `tokenizer_config.json`. */
export function goldenTokenizer(kind: string, config: object | null = null): Promise<LoadedTokenizer> {
  const configText = config === null ? null : JSON.stringify(config);
  const key = `${kind} ${configText ?? ''}`;
  const known = loaded.get(key) ?? loadTokenizer({ file: `${kind}/tokenizer.json`, text: readGolden(kind).tokenizer, configText, ...asIs });
  loaded.set(key, known);
  return known;
}

/** The samples' tokenizer: byte-level BPE, BOS 0. */
export function sampleTokenizer(): Promise<LoadedTokenizer> {
  return goldenTokenizer('sample', JSON.parse(readFileSync(`${sampleFolder}/tokenizer_config.json`, 'utf8')) as object);
}

/** The tokenizer as tasks use it, without its thread. */
export function inThisThread(loaded: LoadedTokenizer): Tokenizer {
  return {
    ...loaded,
    encode: (texts) => Promise.resolve(texts.map((text) => encodeText(loaded, text))),
    spell: (token) => Promise.resolve(spell(loaded, Uint32Array.of(token))),
  };
}
