import assert from 'node:assert/strict';
import { readHeader, type SafetensorsHeader } from '../../../src/checkpoint/index.js';
import { MemoryByteSource } from '../../support/memoryByteSource.js';
import { buildRawSafetensors, buildSafetensors } from '../../support/safetensorsFile.js';
import { FormatError } from '../../../src/base/formatError.js';

const entry = (fields: string): string => `{"w":{${fields}}}`;
const valid = '"dtype":"F32","shape":[2],"data_offsets":[0,8]';
const eight = new Uint8Array(8);

function read(file: Uint8Array): Promise<SafetensorsHeader> {
  return readHeader(new MemoryByteSource(file));
}

async function messageOf(file: Uint8Array): Promise<string> {
  const error: unknown = await read(file).then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FormatError, 'a FormatError is expected');
  return error.message;
}

describe('safetensors header', () => {
  it('gives tensors in the order of their bytes, with absolute positions', async () => {
    const header =
      '{"b":{"dtype":"BF16","shape":[2,2],"data_offsets":[4,12]},"a":{"dtype":"I8","shape":[4],"data_offsets":[0,4]},"c":{"dtype":"U8","shape":[],"data_offsets":[12,13]}}';
    const { tensors } = await read(buildRawSafetensors(header, new Uint8Array(13)));
    const start = 8 + header.length;
    assert.deepEqual(tensors, [
      { name: 'a', dtype: 'I8', shape: [4], elementCount: 4, shard: 0, start, byteLength: 4 },
      { name: 'b', dtype: 'BF16', shape: [2, 2], elementCount: 4, shard: 0, start: start + 4, byteLength: 8 },
      { name: 'c', dtype: 'U8', shape: [], elementCount: 1, shard: 0, start: start + 12, byteLength: 1 },
    ]);
  });

  it('keeps names and metadata keys that are special to JavaScript', async () => {
    const header = `{"__metadata__":{"__proto__":"x","constructor":"y"},"__proto__":{${valid}}}`;
    const { tensors, metadata } = await read(buildRawSafetensors(header, eight));
    assert.deepEqual(
      tensors.map(({ name }) => name),
      ['__proto__'],
    );
    assert.deepEqual(Object.entries(metadata), [
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('uses the last of two entries of one name, as the reference does, and says so', async () => {
    const header = `{"w":{"dtype":"F64","shape":[9],"data_offsets":[0,3]},"w":{${valid}}}`;
    const { tensors, repeatedNames } = await read(buildRawSafetensors(header, eight));
    assert.deepEqual(
      tensors.map(({ dtype, shape }) => [dtype, shape]),
      [['F32', [2]]],
    );
    assert.deepEqual(repeatedNames, ['w']);
  });

  it('reads no more than the header', async () => {
    const source = new MemoryByteSource(buildSafetensors([{ name: 'w', dtype: 'F32', shape: [100_000] }]));
    await readHeader(source);
    assert.ok(source.bytesRead < 200, `${source.bytesRead} bytes read`);
  });

  it('takes a header of exactly 100,000,000 bytes and refuses one more byte', async () => {
    const atLimit = Buffer.alloc(8 + 100_000_001, 0x20);
    atLimit.writeBigUInt64LE(100_000_000n);
    atLimit.write('{}', 8);
    assert.deepEqual((await read(atLimit.subarray(0, -1))).tensors, []);
    atLimit.writeBigUInt64LE(100_000_001n);
    assert.match(await messageOf(atLimit), /header length is over the limit .* Expected at most 100000000 bytes\. Found 100000001 bytes\./);
  });
});

describe('a broken safetensors header', () => {
  const cases: readonly [title: string, file: Uint8Array, message: RegExp][] = [
    ['an empty file', new Uint8Array(0), /file is too short\. Expected at least 8 bytes\. Found 0 bytes\./],
    ['a file of 7 bytes', new Uint8Array(7), /Found 7 bytes\./],
    [
      'a header longer than the file',
      buildRawSafetensors('{}').subarray(0, 9),
      /header is longer than the file at byte 0\. Expected at most the 1 bytes .* Found 2 bytes\./,
    ],
    ['a GGUF file', Buffer.from('GGUF\x03\0\0\0\x01\0\0\0'), /not a safetensors file, but a GGUF file\. Convert it to safetensors/],
    ['a PyTorch archive', Buffer.from('PK\x03\x04aaaaaaaaaaaaaaa'), /but a ZIP archive, as PyTorch writes it\. Name it \.bin/],
    ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
    ['invalid UTF-8', buildRawSafetensors(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /header is not valid UTF-8/],
    ['an empty header', buildRawSafetensors(''), /expected an object, found the end of the header at byte 8\./],
    ['a control character', buildRawSafetensors('{"a\n":0}'), /control character 10 inside a string at byte 11\./],
    [
      'an unknown dtype',
      buildRawSafetensors(entry('"dtype":"F33"')),
      /\(tensor "w"\): header is not valid: unknown dtype "F33" \(known: F64 F32 .*\) at byte 22\./,
    ],
    [
      'a fraction as offset',
      buildRawSafetensors(entry('"dtype":"F32","shape":[2],"data_offsets":[0,8.0]'), eight),
      /expected an integer, found a fraction/,
    ],
    ['a negative size', buildRawSafetensors(entry('"dtype":"F32","shape":[-2]')), /expected a non-negative integer, found "-"/],
    ['an integer above 64 bits', buildRawSafetensors(entry('"shape":[18446744073709551616]')), /18446744073709551616 does not fit 64 bits/],
    ['a missing field', buildRawSafetensors(entry('"dtype":"F32","shape":[2]')), /"data_offsets" is missing/],
    ['a field given twice', buildRawSafetensors(entry(`${valid},"shape":[2]`), eight), /"shape" is given twice/],
    ['metadata that is not text', buildRawSafetensors('{"__metadata__":{"a":1}}'), /expected a string, found "1"/],
    ['nesting 128 deep', buildRawSafetensors(entry(`"x":${'['.repeat(200)}`)), /nested too deeply/],
    ['text after the header', buildRawSafetensors('{}\0'), /expected the end of the header, found byte 0x00/],
    [
      'a span that does not fit the shape',
      buildRawSafetensors(entry('"dtype":"F32","shape":[3],"data_offsets":[0,8]'), eight),
      /\(tensor "w"\): data does not fit the shape\. Expected 12 bytes for F32 \[3\]\. Found 8 bytes\./,
    ],
    [
      'a gap before the data',
      buildRawSafetensors(entry('"dtype":"F32","shape":[1],"data_offsets":[4,8]'), eight),
      /leaves a gap .* Expected data to start at 0\. Found data_offsets \[4, 8\]\./,
    ],
    [
      'overlapping spans',
      buildRawSafetensors(`{"v":{${valid}},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, eight),
      /\(tensor "w"\): data overlaps .* Expected data to start at 8\./,
    ],
    [
      'a span that ends before it starts',
      buildRawSafetensors(
        entry('"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"U8","shape":[0],"data_offsets":[4,3]'),
        eight,
      ),
      /data ends before it starts/,
    ],
    [
      'an offset that needs more than 53 bits',
      buildRawSafetensors(entry('"dtype":"U8","shape":[9007199254740993],"data_offsets":[0,9007199254740993]'), eight),
      /truncated.* Expected 9007199254740993 bytes of tensor data\. Found 8 bytes\./,
    ],
    [
      'a size that overflows 64 bits',
      buildRawSafetensors(entry('"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]')),
      /size overflows 64 bits/,
    ],
    [
      'half a byte',
      buildRawSafetensors(entry('"dtype":"F4","shape":[3],"data_offsets":[0,2]'), new Uint8Array(2)),
      /not a whole number of bytes\. Found 12 bits for F4 \[3\]\./,
    ],
    [
      'a truncated file',
      buildRawSafetensors(entry(valid), new Uint8Array(7)),
      /file is truncated.* Expected 8 bytes of tensor data\. Found 7 bytes\. .*download/,
    ],
    [
      'bytes after the last tensor',
      buildRawSafetensors(entry(valid), new Uint8Array(9)),
      /file goes on after the last tensor\. Expected 8 bytes of tensor data\. Found 9 bytes\./,
    ],
  ];
  for (const [title, file, message] of cases) {
    it(`with ${title} is refused with place, expectation and remedy`, async () => {
      const text = await messageOf(file);
      assert.match(text, message);
      assert.match(text, /^memory\.safetensors/);
      assert.match(text, /\.$/);
    });
  }

  it('shows long names in messages shortened', async () => {
    const text = await messageOf(buildRawSafetensors(`{"${'n'.repeat(5000)}":[]}`));
    assert.ok(text.length < 600, `${text.length} characters`);
  });
});
