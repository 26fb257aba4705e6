import { plainStyle, randomStyle, renderFile, renderHeader, validModel } from './headerModel.js';
import { mutations } from './mutations.js';
import { Random } from './random.js';

/** With the code of this folder, all it takes to make the corpus again. */
export const corpusSeed = 20_261_123;
export const corpusSize = 24_000;

/** File `index` of the corpus: valid, valid in an unusual way, or wrong in one or two places. */
export function corpusFile(index: number): Uint8Array {
  const random = new Random(corpusSeed + Math.imul(index, 0x9e37_79b1));
  const model = validModel(random);
  const level = random.below(100);
  const count = level < 18 ? 0 : level < 66 ? 1 : level < 72 ? 2 : 0;
  for (let number = 0; number < count; number++) random.pick(mutations)(model, random);
  const text = renderHeader(model, random.chance(0.5) ? randomStyle(random) : plainStyle);
  const header = Buffer.from(level >= 72 && level < 86 ? breakText(text, random) : text);
  if (level >= 86 && level < 89) return renderFile(breakBytes(header, random), model.data);
  if (level >= 89 && level < 94) return renderFile(header, model.data, wrongLength(header.byteLength, model.data.byteLength, random));
  if (level >= 94) return resize(renderFile(header, model.data), random);
  return renderFile(header, model.data);
}

const syntax = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '\\',
  ' ',
  '\n',
  '\t',
  '0',
  '7',
  '-',
  '+',
  '.',
  'e',
  'E',
  'n',
  't',
  '/',
  "'",
  '#',
  '\u000b',
  '\f',
  '\0',
  '\u00a0',
  '\ufeff',
  'ü',
  '\u0007',
];

/** Header text with a few characters changed, or wrapped in something. */
function breakText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const other = random.pick(syntax);
  return random.pick([
    () => text.slice(0, at) + text.slice(at + 1),
    () => text.slice(0, at) + other + text.slice(at),
    () => text.slice(0, at) + other + text.slice(at + 1),
    () => swapNeighbours(text, at),
    () => text.slice(0, at),
    () => random.pick([' ', '\n', '\t\r', '\ufeff', '\0', '[', '//', '"x"', '\f']) + text,
    () => text + random.pick(['\0', '\0\0\0', ' ', '}', '{}', 'x', ',', '\n\t ', '\f', '\u00a0', ' 1']),
    () => text.replace(/([}\]])/, ',$1'),
    () => text.replaceAll('"', "'"),
    () => `[${text}]`,
    () => random.pick(['', '{', '}', 'null', '[]', '""', '0', '{}', ' {} ', '{"a"}', '{"a":}', '{,}']),
  ])();
}

function swapNeighbours(text: string, at: number): string {
  return text.slice(0, at) + text.slice(at + 1, at + 2) + text.slice(at, at + 1) + text.slice(at + 2);
}

const invalidUtf8 = [
  [0xff],
  [0xc0, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0x80],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x98],
  [0xf4, 0x90, 0x80, 0x80],
  [0xe0, 0x80, 0xaf],
];
const validUtf8 = [[0xc3, 0xa9], [0xed, 0x9f, 0xbf], [0xef, 0xbf, 0xbf], [0xf4, 0x8f, 0xbf, 0xbf], [0x7f]];

/** Bytes put into the header, most of them no valid UTF-8; half of them inside the first string. */
function breakBytes(header: Uint8Array, random: Random): Uint8Array {
  const quote = header.indexOf(0x22);
  const at = quote >= 0 && random.chance(0.7) ? quote + 1 : random.below(header.byteLength + 1);
  const inserted = Uint8Array.from(random.pick(random.chance(0.6) ? invalidUtf8 : validUtf8));
  return Buffer.concat([header.subarray(0, at), inserted, header.subarray(at)]);
}

function wrongLength(length: number, dataLength: number, random: Random): bigint {
  const near = BigInt(length + random.pick([-8, -1, 0, 1, 8, -length, dataLength, dataLength + 1]));
  const far = random.pick([
    99_999_999n,
    100_000_000n,
    100_000_001n,
    1n << 31n,
    1n << 32n,
    1n << 53n,
    1n << 63n,
    (1n << 64n) - 1n,
    (1n << 64n) - 8n,
    0n,
  ]);
  return random.chance(0.6) ? near : far;
}

/** A file that lost or gained bytes at its end. */
function resize(file: Uint8Array, random: Random): Uint8Array {
  const kind = random.below(4);
  if (kind === 0) return file.subarray(0, random.below(file.byteLength + 1));
  if (kind === 1) return file.subarray(0, Math.max(0, file.byteLength - random.between(1, 8)));
  if (kind === 2) return Buffer.concat([file, random.bytes(random.between(1, 9))]);
  return file.subarray(0, random.below(12));
}
