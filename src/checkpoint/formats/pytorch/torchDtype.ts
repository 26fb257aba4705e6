import type { Dtype } from '../../dtype.js';

/** By `torch.dtype`. Complex numbers of other sizes, quantised and packed types have no place in a safetensors file. */
const dtypes: Readonly<Record<string, Dtype>> = {
  float64: 'F64',
  double: 'F64',
  float32: 'F32',
  float: 'F32',
  float16: 'F16',
  half: 'F16',
  bfloat16: 'BF16',
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  float8_e4m3fnuz: 'F8_E4M3FNUZ',
  float8_e5m2fnuz: 'F8_E5M2FNUZ',
  float8_e8m0fnu: 'F8_E8M0',
  int64: 'I64',
  long: 'I64',
  int32: 'I32',
  int: 'I32',
  int16: 'I16',
  short: 'I16',
  int8: 'I8',
  uint8: 'U8',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  bool: 'BOOL',
  complex64: 'C64',
  cfloat: 'C64',
};

/** By the class of a storage: `torch.FloatStorage`, of older files also `torch.cuda.FloatStorage`. */
const storageDtypes: Readonly<Record<string, Dtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  ComplexFloatStorage: 'C64',
};

/** @param name of a global: `torch.bfloat16` */
export function dtypeOfGlobal(name: string): Dtype | null {
  const [, dtype = ''] = /^torch\.(\w+)$/.exec(name) ?? [];
  return Object.hasOwn(dtypes, dtype) ? dtypes[dtype]! : null;
}

/** @returns `untyped` for a storage of bytes, null for what is no storage whose elements are read */
export function dtypeOfStorage(name: string): Dtype | 'untyped' | null {
  const [, storage = ''] = /^torch(?:\.cuda|\.storage)?\.(\w+)$/.exec(name) ?? [];
  if (storage === 'UntypedStorage') return 'untyped';
  return Object.hasOwn(storageDtypes, storage) ? storageDtypes[storage]! : null;
}
