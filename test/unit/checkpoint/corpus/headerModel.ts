import { bitsOf, dtypes, type Dtype } from '../../../../src/checkpoint/dtype.js';
import type { Random } from './random.js';

/** A tensor's entry as JSON fragments, so that a mutation can put any text anywhere. */
export interface Entry {
  key: string;
  dtype: string;
  shape: string[];
  offsets: string[];
  /** Further members of the entry, as `"key":value`. */
  extra: string[];
  form: 'object' | 'array';
  /** Replaces the whole entry where set. */
  value?: string;
}

/** A header before it becomes text, and the data behind it. */
export interface HeaderModel {
  entries: Entry[];
  /** Members of the top object beside the tensors, as `"key":value`. */
  others: string[];
  data: Uint8Array;
}

const usualNames = ['weight', 'model.layers.0.mlp.weight', 'lm_head.weight', 'a', 'b', 'embed', 'h.1.attn.bias'];
const unusualNames = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'grüße',
  '重み',
  '😀.weight',
  '<script>',
  '__metadata',
  ' a',
];

/** A valid header of up to six tensors in any dtype. */
export function validModel(random: Random): HeaderModel {
  let offset = 0;
  const names = random.shuffle([...usualNames, ...unusualNames]).slice(0, random.pick([0, 1, 1, 2, 2, 3, 4, 6]));
  const entries = names.map((name): Entry => {
    const { dtype, shape, byteLength } = validTensor(random);
    const offsets = [offset, offset + byteLength].map(String);
    offset += byteLength;
    return { key: JSON.stringify(name), dtype: JSON.stringify(dtype), shape: shape.map(String), offsets, extra: [], form: 'object' };
  });
  const others = random.chance(0.3) ? [`"__metadata__":${random.pick(['{"format":"pt"}', '{}', 'null', '{"a":"","b":"ü"}'])}`] : [];
  return { entries: random.chance(0.4) ? random.shuffle(entries) : entries, others, data: random.bytes(offset) };
}

interface ValidTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly byteLength: number;
}

function validTensor(random: Random): ValidTensor {
  for (;;) {
    const dtype = random.pick(dtypes);
    const shape = Array.from({ length: random.below(4) }, () => random.pick([0, 1, 1, 2, 2, 3, 4, 5]));
    const bits = shape.reduce((product, size) => product * size, bitsOf(dtype));
    if (bits % 8 === 0) return { dtype, shape, byteLength: bits / 8 };
  }
}

/** How a header is written: nothing of this changes its meaning. */
export interface Style {
  /** White space put between tokens. */
  readonly space: string;
  readonly fieldOrder: readonly ('dtype' | 'shape' | 'data_offsets')[];
  readonly padding: string;
}

export const plainStyle: Style = { space: '', fieldOrder: ['dtype', 'shape', 'data_offsets'], padding: '' };

export function randomStyle(random: Random): Style {
  return {
    space: random.pick(['', '', ' ', '\n', '\t', '\r\n', '  ']),
    fieldOrder: random.shuffle(plainStyle.fieldOrder),
    padding: random.pick(['', ' ', '       ', '\n', '\t\r\n ']),
  };
}

export function renderHeader(model: HeaderModel, style: Style): string {
  const { space } = style;
  const members = [...model.others, ...model.entries.map((entry) => `${entry.key}${space}:${space}${renderEntry(entry, style)}`)];
  return `{${space}${members.join(`${space},${space}`)}${space}}${style.padding}`;
}

function renderEntry(entry: Entry, { space, fieldOrder }: Style): string {
  if (entry.value !== undefined) return entry.value;
  const list = (items: readonly string[]): string => `[${space}${items.join(`,${space}`)}]`;
  const fields = { dtype: entry.dtype, shape: list(entry.shape), data_offsets: list(entry.offsets) };
  if (entry.form === 'array') return list([fields.dtype, fields.shape, fields.data_offsets, ...entry.extra]);
  return `{${[...fieldOrder.map((field) => `"${field}":${space}${fields[field]}`), ...entry.extra].join(`${space},`)}}`;
}

/** The whole file: length, header, data. `length` overrides the true header length. */
export function renderFile(header: Uint8Array, data: Uint8Array, length: bigint = BigInt(header.byteLength)): Uint8Array {
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt.asUintN(64, length));
  return Buffer.concat([prefix, header, data]);
}
