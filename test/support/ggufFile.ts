/** GGUF files made in the test, byte by byte, also such that no library would write. */

const valueTypes = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'bool', 'string', 'array', 'u64', 'i64', 'f64'] as const;
type ScalarType = Exclude<(typeof valueTypes)[number], 'array'>;

export type GgufKey = readonly [key: string, type: ScalarType, value: string | number | bigint] | GgufArrayKey;
type GgufArrayKey = readonly [key: string, type: 'array', of: ScalarType, values: readonly (string | number | bigint)[]];

export interface GgufTensorOfTest {
  readonly name: string;
  /** Number of ggml's type: 0 is F32, 8 is Q8_0. */
  readonly type: number;
  /** From the slowest dimension to the fastest, as PyTorch has it. */
  readonly shape: readonly (number | bigint)[];
  readonly data: Uint8Array;
  /** Where the entry says that the data lies; by default where it does. */
  readonly offset?: number | bigint;
}

export interface GgufOfTest {
  readonly version?: number;
  readonly keys?: readonly GgufKey[];
  readonly tensors?: readonly GgufTensorOfTest[];
  readonly alignment?: number;
  /** Counts as the header says them, where that is wrong. */
  readonly tensorCount?: bigint;
  readonly keyCount?: bigint;
}

export const u32 = (value: number): Buffer => integer(value, 4);
export const u64 = (value: number | bigint): Buffer => integer(value, 8);

function integer(value: number | bigint, byteLength: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, BigInt(value)));
  return bytes.subarray(0, byteLength);
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u64(bytes.byteLength), bytes]);
}

function scalar(type: ScalarType, value: string | number | bigint): Buffer {
  if (type === 'string') return text(String(value));
  if (type === 'f32') return Buffer.from(Float32Array.of(Number(value)).buffer);
  if (type === 'f64') return Buffer.from(Float64Array.of(Number(value)).buffer);
  return integer(value as number | bigint, { u8: 1, i8: 1, bool: 1, u16: 2, i16: 2, u32: 4, i32: 4, u64: 8, i64: 8 }[type]);
}

function keyBytes(entry: GgufKey): Buffer {
  const type = u32(valueTypes.indexOf(entry[1]));
  if (entry[1] !== 'array') return Buffer.concat([text(entry[0]), type, scalar(entry[1], entry[2])]);
  const [key, , of, values] = entry;
  return Buffer.concat([text(key), type, u32(valueTypes.indexOf(of)), u64(values.length), ...values.map((value) => scalar(of, value))]);
}

export function buildGguf({ version = 3, keys = [], tensors = [], alignment = 32, tensorCount, keyCount }: GgufOfTest): Buffer {
  const padded = (bytes: Uint8Array): Buffer =>
    Buffer.concat([bytes, Buffer.alloc((alignment - (bytes.byteLength % alignment)) % alignment)]);
  let place = 0;
  const entries = tensors.map(({ name, type, shape, data, offset }) => {
    const entry = [text(name), u32(shape.length), ...shape.toReversed().map(u64), u32(type), u64(offset ?? place)];
    place += padded(data).byteLength;
    return Buffer.concat(entry);
  });
  const counts = [u64(tensorCount ?? tensors.length), u64(keyCount ?? keys.length)];
  const header = Buffer.concat([Buffer.from('GGUF'), u32(version), ...counts, ...keys.map(keyBytes), ...entries]);
  return Buffer.concat([padded(header), ...tensors.map(({ data }) => padded(data))]);
}

/** A tensor of float32. */
export function f32Tensor(name: string, shape: readonly number[], values: ArrayLike<number>): GgufTensorOfTest {
  return { name, type: 0, shape, data: new Uint8Array(Float32Array.from(values).buffer) };
}
