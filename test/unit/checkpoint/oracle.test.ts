import assert from 'node:assert/strict';
import { createHash, type Hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readHeader, type SafetensorsHeader } from '../../../src/checkpoint/index.js';
import { MemoryByteSource } from '../../support/memoryByteSource.js';
import { corpusFile, corpusSize } from './corpus/corpus.js';
import { FormatError } from '../../../src/base/formatError.js';

/** Made by scripts/goldens/safetensors_oracle.py. */
interface Golden {
  readonly oracle: string;
  readonly size: number;
  readonly corpusSha256: string;
  readonly accepted: string;
  readonly contentSha256: readonly string[];
  readonly outcomes: Readonly<Record<string, number>>;
}

interface Verdict {
  readonly file: Uint8Array;
  /** Null when refused. */
  readonly content: Uint8Array | null;
}

const golden = JSON.parse(readFileSync('test/goldens/safetensors/oracle.json', 'utf8')) as Golden;
const block = 1000;

describe(`safetensors headers against the reference (${golden.oracle})`, () => {
  let verdicts: Verdict[] = [];
  before(async () => {
    verdicts = [];
    for (let index = 0; index < corpusSize; index++) verdicts.push(await judge(corpusFile(index)));
  });

  it('regenerates the very corpus that the reference judged', () => {
    assert.equal(verdicts.length, golden.size);
    assert.ok(golden.size >= 20_000);
    assert.equal(digest(verdicts.map(({ file }) => file)), golden.corpusSha256);
  });

  it('accepts and refuses exactly what the reference does', () => {
    const bits = Buffer.from(golden.accepted, 'base64');
    const wrong = verdicts.flatMap(({ file, content }, index) => {
      const expected = ((bits[index >> 3] ?? 0) >> (index & 7)) % 2 === 1;
      return expected === (content !== null)
        ? []
        : [`${index} should be ${expected ? 'accepted' : 'refused'}: ${Buffer.from(file).toString('latin1')}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('reads the same names, dtypes, shapes, bytes and metadata as the reference', () => {
    const hashes = golden.contentSha256.map((_, part) =>
      digest(verdicts.slice(part * block, (part + 1) * block).map(({ content }) => content ?? new Uint8Array(0))),
    );
    assert.deepEqual(hashes, golden.contentSha256);
  });

  it('covers every kind of refusal, and accepts between 30 and 60 % of the files', () => {
    const count = (start: string): number =>
      Object.entries(golden.outcomes).reduce((sum, [kind, number]) => sum + (kind.startsWith(start) ? number : 0), 0);
    const rare = kinds.filter((kind) => count(kind) < 30);
    assert.deepEqual(rare, []);
    const share = count('accepted') / golden.size;
    assert.ok(share > 0.3 && share < 0.6, `${share} accepted`);
  });
});

/** `SafeTensorError` by its messages, and the kinds of JSON fault that a header can have. */
const kinds = [
  'header too small',
  'header too large',
  'invalid header length',
  'invalid UTF-N in header',
  'invalid offset for tensor',
  'invalid shape, data type, or offset',
  'overflow computing buffer size',
  'The slice is slicing for subbytes',
  'incomplete metadata',
  ...[
    'EOF while parsing a list',
    'EOF while parsing a string',
    'EOF while parsing a value',
    'EOF while parsing an object',
    'control character',
    'duplicate field',
    'expected ident',
    'expected value',
    'invalid escape',
    'invalid length',
    'invalid number',
    'invalid type',
    'invalid value',
    'key must be a string',
    'lone leading surrogate',
    'missing field',
    'number out of range',
    'recursion limit exceeded',
    'trailing characters',
    'trailing comma',
    'unexpected end of hex escape',
    'unknown variant',
  ].map((kind) => `invalid JSON in header: ${kind}`),
];

async function judge(file: Uint8Array): Promise<Verdict> {
  try {
    const header = await readHeader(new MemoryByteSource(file));
    return { file, content: contentOf(header, file) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { file, content: null };
  }
}

/** The same text as the oracle script makes: a line for every tensor and metadata entry, in order of its bytes. */
function contentOf({ tensors, metadata }: SafetensorsHeader, file: Uint8Array): Uint8Array {
  const ofTensors = tensors.map(({ name, dtype, shape, start, byteLength }) => {
    const data = Buffer.from(file.subarray(start, start + byteLength)).toString('hex');
    return `${name}\0${dtype}\0${shape.map((size) => BigInt(size)).join(',')}\0${data}\n`;
  });
  const lines = [...ofTensors, ...Object.entries(metadata).map(([key, value]) => `${key}\0${value}\n`)];
  return Buffer.concat(lines.map((line) => Buffer.from(line)).sort((a, b) => Buffer.compare(a, b)));
}

function digest(parts: readonly Uint8Array[]): string {
  const hash: Hash = createHash('sha256');
  for (const part of parts) {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(part.byteLength);
    hash.update(length).update(part);
  }
  return hash.digest('hex');
}
