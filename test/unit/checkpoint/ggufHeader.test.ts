import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { FormatError } from '../../../src/base/formatError.js';
import { gguf, readGgufArray } from '../../../src/checkpoint/formats/gguf/index.js';
import type { FileContents } from '../../../src/checkpoint/formats/index.js';
import { buildGguf, f32Tensor, text, u32, u64, type GgufKey, type GgufTensorOfTest } from '../../support/ggufFile.js';
import { MemoryByteSource } from '../../support/memoryByteSource.js';

const architecture: GgufKey = ['general.architecture', 'string', 'llama'];
const weight = f32Tensor('w', [2, 3], [1, 2, 3, 4, 5, 6]);
const q8: GgufTensorOfTest = { name: 'q', type: 8, shape: [2, 64], data: new Uint8Array(2 * 2 * 34) };

function source(file: Uint8Array): MemoryByteSource {
  return new MemoryByteSource(file, 'model.gguf');
}

function read(file: Uint8Array): Promise<FileContents> {
  return gguf.read(source(file));
}

async function messageOf(file: Uint8Array): Promise<string> {
  const error: unknown = await read(file).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FormatError, `a FormatError is expected, not ${String(error)}`);
  return error.message;
}

describe('GGUF header', () => {
  for (const version of [2, 3]) {
    it(`version ${version}: tensors in the order of their bytes, blocks as their bytes`, async () => {
      const { tensors } = await read(buildGguf({ version, keys: [architecture], tensors: [q8, weight] }));
      const [first, second] = tensors;
      assert.deepEqual(
        { ...first, start: 0 },
        {
          name: 'q',
          dtype: 'U8',
          shape: [2, 68],
          elementCount: 136,
          shard: 0,
          start: 0,
          byteLength: 136,
          blocks: { type: 'Q8_0', shape: [2, 64] },
        },
      );
      assert.deepEqual([second!.name, second!.dtype, second!.shape, second!.start - first!.start], ['w', 'F32', [2, 3], 160]);
    });
  }

  it('reads every type of metadata', async () => {
    const keys: GgufKey[] = [
      ['a.u8', 'u8', 200],
      ['a.i8', 'i8', -2],
      ['a.u16', 'u16', 65535],
      ['a.i16', 'i16', -3],
      ['a.u32', 'u32', 4294967295],
      ['a.i32', 'i32', -4],
      ['a.f32', 'f32', 1e-5],
      ['a.bool', 'bool', 1],
      ['a.string', 'string', 'größe'],
      ['a.u64', 'u64', 18446744073709551615n],
      ['a.i64', 'i64', -5],
      ['a.f64', 'f64', 0.1],
      ['a.numbers', 'array', 'u32', [8, 8, 0]],
      ['a.words', 'array', 'string', ['x', '"y"']],
      ['a.nothing', 'array', 'f32', []],
    ];
    const { metadata } = await read(buildGguf({ keys, tensors: [weight] }));
    assert.deepEqual(metadata, {
      'a.u8': '200',
      'a.i8': '-2',
      'a.u16': '65535',
      'a.i16': '-3',
      'a.u32': '4294967295',
      'a.i32': '-4',
      'a.f32': '0.00001',
      'a.bool': 'true',
      'a.string': 'größe',
      'a.u64': '18446744073709551615',
      'a.i64': '-5',
      'a.f64': '0.1',
      'a.numbers': '[8,8,0]',
      'a.words': '["x","\\"y\\""]',
      'a.nothing': '[]',
    });
  });

  it('tells the length of a vocabulary, and reads it when it is asked for', async () => {
    const tokens = Array.from({ length: 5000 }, (_, i) => `token ${i}`);
    const keys: GgufKey[] = [
      ['tokenizer.ggml.tokens', 'array', 'string', tokens],
      ['tokenizer.ggml.scores', 'array', 'f32', tokens.map((_, i) => -i)],
    ];
    const file = source(buildGguf({ keys }));
    const { metadata } = await gguf.read(file);
    assert.equal(metadata['tokenizer.ggml.tokens'], '5,000 texts');
    assert.equal(metadata['tokenizer.ggml.scores'], '5,000 values');
    assert.deepEqual(await readGgufArray(file, 'tokenizer.ggml.tokens'), tokens);
    assert.deepEqual(
      await readGgufArray(file, 'tokenizer.ggml.scores'),
      tokens.map((_, i) => -i),
    );
    assert.equal(await readGgufArray(file, 'tokenizer.ggml.merges'), null);
  });

  it('takes another alignment, and room between tensors', async () => {
    const keys: GgufKey[] = [['general.alignment', 'u32', 64]];
    const { tensors } = await read(buildGguf({ keys, alignment: 64, tensors: [weight, { ...q8, offset: 64 }] }));
    assert.deepEqual(
      tensors.map(({ start }) => start % 64),
      [0, 0],
    );
  });

  it('lists types without a formula as bytes: known sizes, and those that only the next tensor tells', async () => {
    const ternary: GgufTensorOfTest = { name: 'a', type: 15, shape: [1, 256], data: new Uint8Array(292) };
    const unknown: GgufTensorOfTest = { name: 'b', type: 137, shape: [4, 256], data: new Uint8Array(576) };
    const { tensors } = await read(buildGguf({ tensors: [ternary, unknown, weight] }));
    assert.deepEqual(
      tensors.map(({ blocks, byteLength }) => [blocks?.type ?? '', byteLength]),
      [
        ['Q8_K', 292],
        ['type 137', 576],
        ['', 24],
      ],
    );
  });

  it('has scalars, empty tensors and files without any', async () => {
    const { tensors } = await read(buildGguf({ tensors: [f32Tensor('s', [], [1]), f32Tensor('e', [0, 4], [])] }));
    assert.deepEqual(new Set(tensors.map(({ name, elementCount }) => `${name} ${elementCount}`)), new Set(['s 1', 'e 0']));
    assert.deepEqual((await read(buildGguf({}))).tensors, []);
  });

  it('reads what the gguf package wrote', async () => {
    const { tensors, metadata } = await read(await readFile('test/goldens/gguf/blocks.gguf'));
    assert.equal(tensors.length, 23);
    assert.equal(metadata['general.architecture'], 'llama');
  });
});

describe('GGUF files that break the format', () => {
  const long = 2n ** 63n;
  const magic = Buffer.from('GGUF');
  const counts = (tensors: number | bigint, keys: number | bigint): Buffer => Buffer.concat([magic, u32(3), u64(tensors), u64(keys)]);
  const cases: readonly (readonly [what: string, file: Uint8Array, message: RegExp])[] = [
    ['nothing', new Uint8Array(0), /file ends within its header at byte 0/],
    ['a magic alone', magic, /file ends within its header/],
    ['text', Buffer.from('hello world'), /no GGUF file at byte 0/],
    ['a Git LFS pointer', Buffer.from('version https://git-lfs'), /git lfs pull/],
    ['a file of the time before', Buffer.from('tjgg\x03\0\0\0'), /before GGUF/],
    ['version 1', buildGguf({ version: 1 }), /GGUF version 1, which is not read.*current llama\.cpp/],
    ['big-endian', buildGguf({ version: 0x03000000 }), /big-endian.*gguf_convert_endian/],
    ['version 4', buildGguf({ version: 4 }), /version 4, which is not known/],
    ['more tensors than fit', counts(long, 0), /number of tensors is over the limit/],
    ['some more tensors than fit', counts(1000, 0), /number of tensors leaves the file/],
    ['more keys than fit', counts(0, 65_537), /number of metadata keys is over the limit/],
    ['a key longer than the file', Buffer.concat([counts(0, 1), u64(60_000), Buffer.alloc(20)]), /length of a key leaves the file/],
    ['a key of 2⁶³ bytes', Buffer.concat([counts(0, 1), u64(long), Buffer.alloc(20)]), /length of a key is over the limit/],
    ['an unknown type of value', Buffer.concat([counts(0, 1), text('k'), u32(13), Buffer.alloc(8)]), /unknown type of a value.*"k"/],
    [
      'an array longer than the file',
      Buffer.concat([counts(0, 1), text('k'), u32(9), u32(4), u64(1000), Buffer.alloc(16)]),
      /length of an array leaves the file/,
    ],
    [
      'arrays within each other',
      Buffer.concat([
        counts(0, 1),
        text('k'),
        u32(9),
        ...Array.from({ length: 9 }, () => Buffer.concat([u32(9), u64(1)])),
        Buffer.alloc(64),
      ]),
      /within each other too deep/,
    ],
    ['a key twice', buildGguf({ keys: [architecture, architecture] }), /a key is given twice.*general\.architecture/],
    ['a name that is no UTF-8', Buffer.concat([counts(0, 1), u64(2), Buffer.of(0xff, 0xfe), Buffer.alloc(16)]), /not valid UTF-8/],
    ['an alignment of 0', buildGguf({ keys: [['general.alignment', 'u32', 0]] }), /no power of two/],
    ['an alignment of 48', buildGguf({ keys: [['general.alignment', 'u32', 48]] }), /no power of two.*48/],
    ['an alignment that is a text', buildGguf({ keys: [['general.alignment', 'string', '32']] }), /no power of two/],
    ['two tensors of one name', buildGguf({ tensors: [weight, weight] }), /tensor "w"\): two tensors have this name/],
    ['five dimensions', buildGguf({ tensors: [f32Tensor('w', [1, 1, 1, 1, 1], [1])] }), /too many dimensions/],
    ['a size that overflows', buildGguf({ tensors: [{ ...weight, shape: [2n ** 40n, 2n ** 40n] }] }), /size overflows/],
    ['a size of 2⁶³', buildGguf({ tensors: [{ ...weight, shape: [long] }] }), /size overflows/],
    ['rows that cut a block', buildGguf({ tensors: [{ ...q8, shape: [2, 40] }] }), /no whole number of Q8_0 blocks/],
    ['data that is not aligned', buildGguf({ tensors: [{ ...weight, offset: 4 }] }), /data is not aligned/],
    ['data behind the file', buildGguf({ tensors: [{ ...weight, offset: 2 ** 20 }] }), /data leaves the file/],
    ['data at 2⁶⁴ − 32', buildGguf({ tensors: [{ ...weight, offset: 2n ** 64n - 32n }] }), /data leaves the file/],
    ['a file that is cut', buildGguf({ tensors: [weight] }).subarray(0, -24), /data leaves the file/],
    ['tensors that overlap', buildGguf({ tensors: [q8, { ...weight, offset: 32 }] }), /data overlaps the tensor before it/],
  ];
  for (const [what, file, message] of cases) it(what, async () => assert.match(await messageOf(file), message));

  it('every cut of a file is refused or read, and nothing outside is asked for', async () => {
    const file = buildGguf({ keys: [architecture, ['k', 'array', 'string', ['a', 'bc']]], tensors: [q8, weight] });
    for (let length = 0; length < file.byteLength - 8; length++)
      assert.match(await messageOf(file.subarray(0, length)), /ends within|leaves the file/);
  });

  it('thousands of damaged headers are refused as such or read', async () => {
    const tokens = Array.from({ length: 1500 }, (_, i) => `t${i}`);
    const keys: GgufKey[] = [architecture, ['n', 'u64', 7], ['t', 'array', 'string', tokens], ['general.alignment', 'u32', 32]];
    const whole = buildGguf({ keys, tensors: [q8, weight, { ...q8, name: 'r' }] });
    await fuzzGguf(whole, 4000, 11);
  }).timeout(20_000);
});

/** Changes a few bytes of a file at a time, mostly in what counts and lengths lie in. Run it with 200,000 when the parser changes. */
async function fuzzGguf(whole: Uint8Array, times: number, seed: number): Promise<void> {
  let state = seed;
  const next = (below: number): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % below;
  for (let i = 0; i < times; i++) {
    const damaged = Uint8Array.from(whole);
    for (let change = next(4); change >= 0; change--) {
      const at = next(3) === 0 ? next(whole.byteLength) : next(2) === 0 ? next(200) : whole.byteLength - 1 - next(700);
      damaged[at] = [0, 1, 0x7f, 0x80, 0xff, next(256)][next(6)]!;
    }
    const cut = next(5) === 0 ? damaged.subarray(0, next(whole.byteLength)) : damaged;
    try {
      const { tensors } = await read(cut);
      for (const { start, byteLength } of tensors)
        assert.ok(start >= 0 && byteLength >= 0 && (byteLength === 0 || start + byteLength <= cut.byteLength));
    } catch (error) {
      assert.ok(error instanceof FormatError, `change ${i}: ${String(error)}`);
    }
  }
}
