import { bitsOf, dtypes } from '../../../../src/checkpoint/dtype.js';
import { longInteger, nesting, numberFragment, stringFragment, valueFragment } from './fragments.js';
import type { Entry, HeaderModel } from './headerModel.js';
import type { Random } from './random.js';

/** Changes a header model in place. Some changes keep it valid: those are the near-misses the other way. */
export type Mutation = (model: HeaderModel, random: Random) => void;

const huge = [
  '9007199254740993',
  '9223372036854775808',
  '18446744073709551615',
  '18446744073709551616',
  '100000000000000000000',
  '4294967296',
];

function anEntry(model: HeaderModel, random: Random): Entry {
  if (model.entries.length === 0)
    model.entries.push({ key: '"x"', dtype: '"F32"', shape: ['0'], offsets: ['0', '0'], extra: [], form: 'object' });
  return random.pick(model.entries);
}

function step(text: string, random: Random): string {
  const value = BigInt(/^\d+$/.test(text) ? text : '0');
  return String(value + BigInt(random.pick([-8, -2, -1, 1, 2, 8])));
}

const offset: Mutation = (model, random) => {
  const { offsets } = anEntry(model, random);
  const which = random.below(2);
  const kind = random.below(6);
  if (kind < 3) offsets[which] = step(offsets[which] ?? '0', random);
  else if (kind === 3) offsets[which] = random.pick(huge);
  else if (kind === 4) offsets.reverse();
  else offsets.splice(0, 2, ...random.pick([[], ['0'], ['0', '0', '0'], [random.pick(huge), random.pick(huge)]]));
};

/** Moves every later tensor, so that a gap or an overlap is all that is wrong. */
const shift: Mutation = (model, random) => {
  const by = BigInt(random.pick([-4, -1, 1, 4]));
  const from = BigInt(anEntry(model, random).offsets[0] ?? '0');
  for (const entry of model.entries) {
    if (BigInt(entry.offsets[0] ?? '0') >= from) entry.offsets = entry.offsets.map((text) => String(BigInt(text) + by));
  }
};

const swapSpans: Mutation = (model, random) => {
  const [a, b] = [anEntry(model, random), anEntry(model, random)];
  [a.offsets, b.offsets] = [[...b.offsets], [...a.offsets]];
};

const shape: Mutation = (model, random) => {
  const { shape: sizes } = anEntry(model, random);
  const place = random.below(sizes.length + 1);
  const kind = random.below(7);
  if (kind === 0 && sizes.length > 0) sizes[place % sizes.length] = step(sizes[place % sizes.length]!, random);
  else if (kind === 1) sizes.splice(place, 0, '1');
  else if (kind === 2) sizes.splice(place, 0, '0');
  else if (kind === 3) sizes.reverse();
  else if (kind === 4) sizes.splice(place, 0, random.pick(huge));
  else if (kind === 5) sizes.splice(place, 0, numberFragment(random));
  else sizes.splice(place, 1);
};

/** Shapes about the 64-bit overflow, in a tensor of no bytes, so that the overflow alone decides. */
const overflow: Mutation = (model, random) => {
  const pool = [
    '0',
    '1',
    '2',
    '4294967296',
    '2147483648',
    '9223372036854775808',
    '2305843009213693952',
    '1152921504606846976',
    '18446744073709551615',
  ];
  const end = String(model.data.byteLength);
  const sizes = Array.from({ length: random.between(1, 4) }, () => random.pick(pool));
  const dtype = JSON.stringify(random.pick(dtypes));
  model.entries.push({ key: '"overflow"', dtype, shape: sizes, offsets: [end, end], extra: [], form: 'object' });
};

const dtype: Mutation = (model, random) => {
  const entry = anEntry(model, random);
  const name = entry.dtype;
  const known = dtypes.find((candidate) => JSON.stringify(candidate) === name) ?? 'F32';
  const sameSize = dtypes.filter((candidate) => bitsOf(candidate) === bitsOf(known));
  const another = JSON.stringify(random.pick(dtypes));
  entry.dtype = random.pick([
    () => JSON.stringify(random.pick(sameSize)),
    () => another,
    () =>
      random.pick([
        '"f32"',
        '"F33"',
        '"F8_E4M3FN"',
        '"float32"',
        '"INT8"',
        '"F4 "',
        '""',
        '"F32\\u0000"',
        '"\\u004632"',
        '"F128"',
        '"I4"',
        '"U4"',
      ]),
    () => `{${name}:null}`,
    () => `{${name}:${random.pick(['{}', '[]', '0', 'true', '""', ' null '])}}`,
    () => random.pick(['{}', `{${name}:null,${name}:null}`, `{${name}:null,${another}:null}`, 'null', '7', `[${name}]`]),
  ])();
};

/** Types below one byte whose elements may or may not fill whole bytes. */
const subByte: Mutation = (model, random) => {
  const end = model.data.byteLength;
  const sizes = Array.from({ length: random.between(1, 2) }, () => random.between(1, 9));
  const name = random.pick(['F4', 'F6_E2M3', 'F6_E3M2'] as const);
  const length = Math.floor(sizes.reduce((product, size) => product * size, bitsOf(name)) / 8) + (random.chance(0.2) ? 1 : 0);
  model.entries.push({
    key: '"packed"',
    dtype: `"${name}"`,
    shape: sizes.map(String),
    offsets: [String(end), String(end + length)],
    extra: [],
    form: 'object',
  });
  model.data = Buffer.concat([model.data, random.bytes(length)]);
};

const wrongType: Mutation = (model, random) => {
  const entry = anEntry(model, random);
  const { key } = entry;
  const field = random.pick(['dtype', 'shape', 'data_offsets']);
  const kept = ['dtype', 'shape', 'data_offsets'].filter((name) => name !== field);
  const of = { dtype: entry.dtype, shape: `[${entry.shape.join(',')}]`, data_offsets: `[${entry.offsets.join(',')}]` } as Record<
    string,
    string
  >;
  const members = kept.map((name) => `"${name}":${of[name]}`);
  if (random.chance(0.7))
    members.push(
      `"${field}":${random.chance(0.5) ? valueFragment(random) : random.pick([`[${of[field]}]`, `{"0":1}`, 'null', '["1"]', '[[0],[0]]'])}`,
    );
  entry.value = random.chance(0.2) ? valueFragment(random) : `{${members.join(',')}}`;
  if (random.chance(0.1)) model.others.push(`${key}:${entry.value}`);
};

const unknownField: Mutation = (model, random) => {
  const value = random.chance(0.2) ? longInteger(random) : random.chance(0.3) ? numberFragment(random) : valueFragment(random);
  const key = random.chance(0.2) ? stringFragment(random) : random.pick(['"extra"', '"Dtype"', '"stride"', '"__proto__"', '"dtype "']);
  anEntry(model, random).extra.push(`${key}:${value}`);
};

const repeatedField: Mutation = (model, random) => {
  const entry = anEntry(model, random);
  const field = random.pick([
    `"dtype":${entry.dtype}`,
    `"shape":[${entry.shape.join(',')}]`,
    `"data_offsets":[${entry.offsets.join(',')}]`,
    '"\\u0064type":"F32"',
    '"x":1,"x":2',
  ]);
  entry.extra.push(field);
};

const arrayForm: Mutation = (model, random) => {
  const entry = anEntry(model, random);
  entry.form = 'array';
  if (random.chance(0.25)) entry.extra.push(valueFragment(random));
  if (random.chance(0.15)) entry.value = random.pick([`[${entry.dtype}]`, `[${entry.dtype},[]]`, '[]', `[[],${entry.dtype},[0,0]]`]);
};

/** The reference keeps the last entry of a name; an earlier one need only be readable. */
const repeatedTensor: Mutation = (model, random) => {
  const entry = anEntry(model, random);
  const copy: Entry = { ...entry, shape: [...entry.shape], offsets: [...entry.offsets], extra: [...entry.extra] };
  if (random.chance(0.3)) copy.key = escapeFirst(copy.key);
  const twisted = random.pick([entry, copy, null]);
  if (twisted !== null) random.pick([offset, shape, dtype, wrongType])({ ...model, entries: [twisted] }, random);
  model.entries.splice(random.below(model.entries.length + 1), 0, copy);
};

function escapeFirst(key: string): string {
  const code = key.charCodeAt(1);
  return key.length < 3 || code === 0x5c || code > 0x7e ? key : `"\\u${code.toString(16).padStart(4, '0')}${key.slice(2)}`;
}

const metadata: Mutation = (model, random) => {
  const key = random.pick([
    '"__metadata__"',
    '"__metadata__"',
    '"__metadata__"',
    '"\\u005f_metadata__"',
    '"__metadata__ "',
    '"__METADATA__"',
  ]);
  const member = `${random.pick(['"a"', '"a"', '"__proto__"', stringFragment(random)])}:${random.chance(0.5) ? stringFragment(random) : valueFragment(random)}`;
  const body = random.pick([
    '{}',
    'null',
    `{${member}}`,
    `{${member},"b":"c"}`,
    `{${member},${member}}`,
    `[${member}]`,
    valueFragment(random),
  ]);
  if (random.chance(0.7)) model.others = [];
  model.others.push(`${key}:${body}`);
};

const name: Mutation = (model, random) => {
  anEntry(model, random).key = random.chance(0.1) ? valueFragment(random) : stringFragment(random);
};

/** The 128th open bracket is refused; the top object and the tensor's own are the first two. */
const deepField: Mutation = (model, random) => {
  anEntry(model, random).extra.push(`"deep":${nesting(random, random.between(120, 128))}`);
};

export const mutations: readonly Mutation[] = [
  offset,
  offset,
  shift,
  swapSpans,
  shape,
  shape,
  overflow,
  subByte,
  dtype,
  dtype,
  wrongType,
  unknownField,
  unknownField,
  repeatedField,
  arrayForm,
  repeatedTensor,
  repeatedTensor,
  metadata,
  metadata,
  name,
  deepField,
];
