import { bitsOf, type Dtype } from '../../checkpoint/index.js';
import { bfloat16, float16, float8E4M3, float8E5M2, valuesOf, type FloatFormat } from './floatFormat.js';

type Decoder = (view: DataView, offset: number) => number;

/**
 * Decoder of one element, or null for a dtype whose values are not read. Exact, except that I64 and U64 are rounded
 * to the nearest float64, ties to even. Any BOOL byte but 0 is 1.
 */
function decoderOf(dtype: Dtype): Decoder | null {
  switch (dtype) {
    case 'F64':
      return (view, offset) => view.getFloat64(offset, true);
    case 'F32':
      return (view, offset) => view.getFloat32(offset, true);
    case 'F16':
      return lookUp16(float16);
    case 'BF16':
      return lookUp16(bfloat16);
    case 'F8_E4M3':
      return lookUp8(float8E4M3);
    case 'F8_E5M2':
      return lookUp8(float8E5M2);
    case 'I64':
      return (view, offset) => Number(view.getBigInt64(offset, true));
    case 'I32':
      return (view, offset) => view.getInt32(offset, true);
    case 'I16':
      return (view, offset) => view.getInt16(offset, true);
    case 'I8':
      return (view, offset) => view.getInt8(offset);
    case 'U64':
      return (view, offset) => Number(view.getBigUint64(offset, true));
    case 'U32':
      return (view, offset) => view.getUint32(offset, true);
    case 'U16':
      return (view, offset) => view.getUint16(offset, true);
    case 'U8':
      return (view, offset) => view.getUint8(offset);
    case 'BOOL':
      return (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1);
    case 'C64':
    case 'F8_E8M0':
    case 'F8_E4M3FNUZ':
    case 'F8_E5M2FNUZ':
    case 'F6_E2M3':
    case 'F6_E3M2':
    case 'F4':
      return null;
  }
}

function lookUp16(format: FloatFormat): Decoder {
  const values = valuesOf(format);
  return (view, offset) => values[view.getUint16(offset, true)]!;
}

function lookUp8(format: FloatFormat): Decoder {
  const values = valuesOf(format);
  return (view, offset) => values[view.getUint8(offset)]!;
}

/**
 * The first `count` elements of little-endian `bytes` as float64.
 * @throws TypeError for a dtype whose values are not read; RangeError when `bytes` is too short.
 */
export function decodeToFloat64(dtype: Dtype, bytes: Uint8Array, count: number): Float64Array {
  const decode = decoderOf(dtype);
  if (decode === null) throw new TypeError(`values of dtype ${dtype} are not read, only its name and size`);
  const size = bitsOf(dtype) / 8;
  if (count * size > bytes.byteLength) {
    throw new RangeError(`${count} elements of ${dtype} need ${count * size} bytes, found ${bytes.byteLength}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = decode(view, i * size);
  return values;
}
