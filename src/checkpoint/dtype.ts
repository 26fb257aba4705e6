/**
 * The element types of the safetensors format, with the name the file format uses for each.
 * Source: `Dtype` in the safetensors reference implementation (safetensors/src/tensor.rs).
 */

/** What the tool can do with a dtype's values; `listed` types are named and sized but their values are never read. */
export type DtypeKind = 'float' | 'integer' | 'boolean' | 'listed';

interface DtypeFacts {
  /** Size of one element. Types below one byte are packed without gaps. */
  readonly bits: number;
  readonly kind: DtypeKind;
}

const facts = {
  F64: { bits: 64, kind: 'float' },
  F32: { bits: 32, kind: 'float' },
  F16: { bits: 16, kind: 'float' },
  BF16: { bits: 16, kind: 'float' },
  F8_E4M3: { bits: 8, kind: 'float' },
  F8_E5M2: { bits: 8, kind: 'float' },
  I64: { bits: 64, kind: 'integer' },
  I32: { bits: 32, kind: 'integer' },
  I16: { bits: 16, kind: 'integer' },
  I8: { bits: 8, kind: 'integer' },
  U64: { bits: 64, kind: 'integer' },
  U32: { bits: 32, kind: 'integer' },
  U16: { bits: 16, kind: 'integer' },
  U8: { bits: 8, kind: 'integer' },
  BOOL: { bits: 8, kind: 'boolean' },
  C64: { bits: 64, kind: 'listed' },
  F8_E8M0: { bits: 8, kind: 'listed' },
  F8_E4M3FNUZ: { bits: 8, kind: 'listed' },
  F8_E5M2FNUZ: { bits: 8, kind: 'listed' },
  F6_E2M3: { bits: 6, kind: 'listed' },
  F6_E3M2: { bits: 6, kind: 'listed' },
  F4: { bits: 4, kind: 'listed' },
} as const satisfies Record<string, DtypeFacts>;

export type Dtype = keyof typeof facts;

/** Every dtype of the format, widest float first. */
export const dtypes = Object.keys(facts) as readonly Dtype[];

export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(facts, name);
}

/** Size of one element in bits. */
export function bitsOf(dtype: Dtype): number {
  return facts[dtype].bits;
}

export function kindOf(dtype: Dtype): DtypeKind {
  return facts[dtype].kind;
}

/** Whether values of this dtype are decoded for statistics. The others are listed by name and size only. */
export function isReadable(dtype: Dtype): boolean {
  return facts[dtype].kind !== 'listed';
}
