/** Small models as named arrays of numbers, and the ways in which people write the same model otherwise. Knows nothing of the product. */
import { encodeFromFloat64 } from '../../src/compute/reference/index.js';
import { writeSafetensors } from './safetensorsFile.js';

export interface Values {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export type SmallModel = ReadonlyMap<string, Values>;

export interface Sizes {
  readonly hidden: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly intermediate: number;
  /** 0: a dense model. */
  readonly experts: number;
  readonly layers: number;
  readonly bias: boolean;
}

/** A model of Hugging Face's Llama with numbers that are told apart by their places. */
export function llama(sizes: Sizes, seed: number): SmallModel {
  const { hidden, heads, keyValueHeads, headSize, intermediate, experts } = sizes;
  const model = new Map<string, Values>();
  let state = seed * 7919 + 1;
  const random = (): number => {
    state = (state * 48271) % 2147483647;
    return Math.round((state / 2147483647 - 0.5) * 4096) / 4096;
  };
  const add = (name: string, ...shape: number[]): void => {
    const count = shape.reduce((product, size) => product * size, 1);
    model.set(name, { shape, values: Array.from({ length: count }, random) });
  };
  add('model.embed_tokens.weight', 11, hidden);
  for (let layer = 0; layer < sizes.layers; layer++) {
    const at = `model.layers.${layer}.`;
    const linear = (name: string, rows: number, columns: number, bias = sizes.bias): void => {
      add(`${at}${name}.weight`, rows, columns);
      if (bias) add(`${at}${name}.bias`, rows);
    };
    linear('self_attn.q_proj', heads * headSize, hidden);
    linear('self_attn.k_proj', keyValueHeads * headSize, hidden);
    linear('self_attn.v_proj', keyValueHeads * headSize, hidden);
    linear('self_attn.o_proj', hidden, heads * headSize, false);
    const holders = experts === 0 ? ['mlp'] : Array.from({ length: experts }, (_, expert) => `mlp.experts.${expert}`);
    if (experts > 0) linear('mlp.gate', experts, hidden, false);
    for (const holder of holders) {
      linear(`${holder}.gate_proj`, intermediate, hidden, false);
      linear(`${holder}.up_proj`, intermediate, hidden, false);
      linear(`${holder}.down_proj`, hidden, intermediate, false);
    }
    add(`${at}input_layernorm.weight`, hidden);
    add(`${at}post_attention_layernorm.weight`, hidden);
  }
  add('model.norm.weight', hidden);
  add('lm_head.weight', 11, hidden);
  return model;
}

export function renamed(model: SmallModel, rename: (name: string) => string): SmallModel {
  return new Map([...model].map(([name, values]) => [rename(name), values]));
}

/** One tensor in place of several, by names; where one of them is missing, all stay. */
export function merged(model: SmallModel, names: readonly string[], name: string, merge: (of: readonly Values[]) => Values): SmallModel {
  const of = names.flatMap((part) => model.get(part) ?? []);
  if (of.length < names.length) return model;
  const rest = [...model].filter(([part]) => !names.includes(part));
  return new Map([...rest, [name, merge(of)]]);
}

/** Tensors behind each other along the axis before the last one, or the only one. */
export function behindEachOther(of: readonly Values[]): Values {
  const axis = Math.max(0, of[0]!.shape.length - 2);
  const outer = of[0]!.shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const values: number[] = [];
  for (let i = 0; i < outer; i++) {
    for (const part of of) {
      const length = part.values.length / outer;
      values.push(...part.values.slice(i * length, (i + 1) * length));
    }
  }
  const size = of.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return { shape: of[0]!.shape.with(axis, size), values };
}

/** Rows of the first axis in groups: the first rows of each, then the next ones of each. */
export function byGroup(of: readonly Values[], groups: number): Values {
  const rowLength = of[0]!.shape.slice(1).reduce((product, size) => product * size, 1);
  const values: number[] = [];
  for (let group = 0; group < groups; group++) {
    for (const part of of) {
      const rows = part.shape[0]! / groups;
      values.push(...part.values.slice(group * rows * rowLength, (group + 1) * rows * rowLength));
    }
  }
  return {
    shape: of[0]!.shape.with(
      0,
      of.reduce((sum, { shape }) => sum + shape[0]!, 0),
    ),
    values,
  };
}

export function stacked(of: readonly Values[]): Values {
  return { shape: [of.length, ...of[0]!.shape], values: of.flatMap(({ values }) => values) };
}

/** The last two axes swapped. */
export function turned({ shape, values }: Values): Values {
  if (shape.length < 2) return { shape, values };
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const size = rows * columns;
  const swapped = values.map((_, place) => {
    const matrix = Math.floor(place / size);
    const [row, column] = [Math.floor((place % size) / rows), place % rows];
    return values[matrix * size + column * columns + row]!;
  });
  return { shape: [...shape.slice(0, -2), columns, rows], values: swapped };
}

/** Rows of each head as the checkpoints of Llama have them: the two that a rotation turns next to each other. */
export function interleavedRotary({ shape, values }: Values, headSize: number): Values {
  const rowLength = shape.slice(1).reduce((product, size) => product * size, 1);
  const half = headSize / 2;
  const rows = Array.from({ length: shape[0]! }, (_, row) => {
    const head = Math.floor(row / headSize);
    const place = row % headSize;
    const from = head * headSize + (place % 2) * half + Math.floor(place / 2);
    return values.slice(from * rowLength, (from + 1) * rowLength);
  });
  return { shape, values: rows.flat() };
}

/** Both models' values, place by place. */
export function zipped(a: SmallModel, b: SmallModel, of: (a: number, b: number) => number): SmallModel {
  return new Map(
    [...a].map(([name, { shape, values }]) => [name, { shape, values: values.map((value, i) => of(value, b.get(name)!.values[i]!)) }]),
  );
}

/** The same model with small changes, in steps that float32 holds exactly. */
export function perturbed(model: SmallModel, seed: number): SmallModel {
  let state = seed * 31 + 7;
  const step = (): number => {
    state = (state * 48271) % 2147483647;
    return ((state % 17) - 8) / 65536;
  };
  return new Map([...model].map(([name, { shape, values }]) => [name, { shape, values: values.map((value) => value + step()) }]));
}

export function bytesOf({ values }: Values): Uint8Array {
  return encodeFromFloat64('F32', Float64Array.from(values));
}

export async function writeModel(path: string, model: SmallModel): Promise<void> {
  await writeSafetensors(
    path,
    [...model].map(([name, values]) => ({ name, dtype: 'F32', shape: values.shape, bytes: bytesOf(values) })),
  );
}
