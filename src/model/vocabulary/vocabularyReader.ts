import { basename, join } from 'node:path';
import { FormatError } from '../../base/formatError.js';
import { parseJsonObject } from '../../base/json/readJson.js';
import type { Checkpoint, CompanionReader } from '../../checkpoint/index.js';
import { isRebuilt, libraryClass } from '../tokenizer/index.js';
import type { CoreVocabulary } from './coreVocabulary.js';
import { inFairseqOrder, readTekken, readTiktoken, readVocabJson, readVocabText } from './plainVocabularies.js';
import { readGgufVocabulary } from './ggufVocabulary.js';
import { readSentencePiece, SentencePieceFault } from './sentencePiece.js';
import { nothingStated, readStatedTokens } from './statedTokens.js';
import { assembleVocabulary, parseTokenizerVocabulary, type TokenizerContext, type TokenizerVocabulary } from './tokenizerVocabulary.js';

/** Files that say which tokens there are, the one that counts first. Behind them, any file of tiktoken. */
const coreNames = [
  'tokenizer.json',
  'tekken.json',
  'tokenizer.model',
  'spiece.model',
  'sentencepiece.bpe.model',
  'tiktoken.model',
  'vocab.json',
  'vocab.txt',
];

const statingNames = ['config.json', 'tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json'];

/** Reads vocabularies one after another, and equal files once: the files are large, and versions often share one. */
export class VocabularyReader {
  readonly #known = new Map<string, TokenizerVocabulary>();

  constructor(private readonly companions: CompanionReader) {}

  /**
   * The vocabulary that the tokenizer's files in a folder describe; nothing is tokenized. Tokens come from `tokenizer.json`, else from a
   * SentencePiece or tiktoken model, `tekken.json`, `vocab.json` or `vocab.txt`, and added ones from the files of `readStatedTokens`.
   * @returns null when there is no such file
   * @throws FileAccessError, FormatError when one is there and no vocabulary can be read from it
   */
  async read(folder: string): Promise<TokenizerVocabulary | null> {
    const found = await this.#core(folder);
    if (found === null) return null;
    const { name, bytes } = found;
    const key = await this.#digest(folder, [name, ...statingNames]);
    const vocabulary = this.#known.get(key) ?? readCore(join(folder, name), bytes, await this.#context(folder));
    this.#known.set(key, vocabulary);
    return vocabulary;
  }

  /** The vocabulary of a checkpoint: inside a GGUF file, else in the tokenizer's files beside the weights. @throws as `read` */
  async readOf({ folder, shards }: Pick<Checkpoint, 'folder' | 'shards'>): Promise<TokenizerVocabulary | null> {
    const [first] = shards;
    if (first?.format !== 'gguf') return this.read(folder);
    const core = await readGgufVocabulary(first.path);
    return core === null ? this.read(folder) : assembleVocabulary(core, nothingStated);
  }

  async #core(folder: string): Promise<{ name: string; bytes: Buffer } | null> {
    const names = await this.companions.names(folder);
    for (const name of [...coreNames, ...names.filter((each) => each.endsWith('.tiktoken'))]) {
      const bytes = await this.companions.bytes(join(folder, name));
      if (bytes !== null) return { name, bytes };
    }
    return null;
  }

  async #context(folder: string): Promise<TokenizerContext> {
    const [tokenizerConfig, modelConfig] = await Promise.all(
      ['tokenizer_config.json', 'config.json'].map(async (name) => (await this.companions.object(join(folder, name))) ?? {}),
    );
    return {
      stated: await readStatedTokens(folder, this.companions),
      isRebuilt: (frame) => {
        const hasByteLevel = JSON.stringify(frame).includes('"ByteLevel"');
        return isRebuilt(libraryClass({ tokenizerConfig: tokenizerConfig!, modelConfig: modelConfig!, hasByteLevel }));
      },
    };
  }

  async #digest(folder: string, names: readonly string[]): Promise<string> {
    const digests = names.map(async (name) => {
      const file = join(folder, name);
      const bytes = await this.companions.bytes(file);
      return bytes === null ? name : `${name} ${this.companions.sha256(file, bytes)}`;
    });
    return (await Promise.all(digests)).join('\n');
  }
}

function readCore(file: string, bytes: Buffer, context: TokenizerContext): TokenizerVocabulary {
  if (basename(file) !== 'tokenizer.json') return assembleVocabulary(coreOf(file, bytes), context.stated);
  const vocabulary = parseTokenizerVocabulary(bytes, context);
  if (vocabulary !== null) return vocabulary;
  parseJsonObject(file, bytes);
  return refuse(file, 'a tokenizer of the tokenizers library, with "model": {"vocab": …}');
}

function coreOf(file: string, bytes: Buffer): CoreVocabulary {
  switch (basename(file)) {
    case 'tekken.json':
      return readTekken(parseJsonObject(file, bytes)) ?? refuse(file, 'a tokenizer of Mistral, with "config" and "vocab"');
    case 'vocab.json':
      return readVocabJson(parseJsonObject(file, bytes)) ?? refuse(file, 'an object that gives every token its id');
    case 'vocab.txt':
      return readVocabText(bytes.toString('utf8'));
    case 'sentencepiece.bpe.model':
      return inFairseqOrder(modelPieces(file, bytes));
    default:
      return modelPieces(file, bytes);
  }
}

/** `tokenizer.model` is a SentencePiece model, or, for Llama 3, ranks as tiktoken has them. */
function modelPieces(file: string, bytes: Buffer): CoreVocabulary {
  const isText = /^[A-Za-z0-9+/=]+ \d+\s/.test(bytes.toString('latin1', 0, 400));
  const ranks = isText ? readTiktoken(bytes.toString('latin1')) : null;
  if (ranks !== null) return ranks;
  try {
    return readSentencePiece(bytes);
  } catch (error) {
    if (!(error instanceof SentencePieceFault)) throw error;
    const pointer = bytes.toString('latin1', 0, 24).startsWith('version https://git-lfs.');
    if (pointer)
      throw new FormatError({ file, problem: 'it is a Git LFS pointer, not the file itself', remedy: 'Run git lfs pull in its folder.' });
    return refuse(file, 'a SentencePiece model, or lines of tiktoken', error);
  }
}

function refuse(file: string, expected: string, fault?: SentencePieceFault): never {
  throw new FormatError({
    file,
    problem: `no vocabulary can be read from it${fault === undefined ? '' : `: ${fault.problem}`}`,
    ...(fault === undefined ? {} : { offset: fault.position }),
    expected,
    remedy: 'Download it again. If it belongs to another library, move it away: rows are then matched by index.',
  });
}
