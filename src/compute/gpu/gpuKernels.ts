import { bitsOf, type Dtype } from '../../checkpoint/index.js';
import { addStatistics, emptyStatistics } from '../chunkStatistics.js';
import { chunkByteLength, type ChunkStatistics, type Kernels } from '../kernels.js';
import { decodeToFloat64, referenceStatistics } from '../reference/index.js';
import { DeltaBuffer, exactStatistics } from './exactPart.js';
import { isExactInFloat32 } from './float32Rule.js';
import { sliceLength, type SliceSummer } from './sliceSummer.js';
import { addUnsafePairs, takeUnsafePairs, type Slice } from './unsafePairs.js';
import { widenToFloat32 } from './widen.js';

/** Below this, the reference is done before a kernel call over a whole padded slice would be. */
const shortestForKernel = sliceLength / 4;

/** One operand of a comparison: bytes of a chunk and how to read them. */
interface Operand {
  readonly dtype: Dtype;
  readonly buffer: ArrayBuffer;
}

/** `Kernels` over gpu.js. Dtypes that float32 does not hold exactly (F64, integers of 32 bits and more) take the reference. */
export class GpuKernels implements Kernels {
  readonly name = 'gpu';
  readonly detail: string;
  readonly blockByteLength = chunkByteLength;
  readonly #summer: SliceSummer;
  readonly #bufferA = new ArrayBuffer(chunkByteLength);
  readonly #bufferB = new ArrayBuffer(chunkByteLength);
  readonly #slice = allocateSlice();
  readonly #delta = new DeltaBuffer(sliceLength);
  #disposed = false;

  constructor(detail: string, summer: SliceSummer) {
    this.detail = detail;
    this.#summer = summer;
  }

  inputs(byteLengthA: number, byteLengthB: number): { a: Uint8Array; b: Uint8Array } {
    if (Math.max(byteLengthA, byteLengthB) > chunkByteLength) throw new Error('internal: chunk larger than the input buffers');
    return { a: new Uint8Array(this.#bufferA, 0, byteLengthA), b: new Uint8Array(this.#bufferB, 0, byteLengthB) };
  }

  /** @throws when the device fails, was lost or was disposed of. */
  async compare(dtypeA: Dtype, dtypeB: Dtype, count: number): Promise<ChunkStatistics> {
    if (this.#disposed) throw new Error('internal: GPU kernels used after they were disposed of');
    const a = { dtype: dtypeA, buffer: this.#bufferA };
    const b = { dtype: dtypeB, buffer: this.#bufferB };
    const total = emptyStatistics();
    for (let first = 0; first < count; first += sliceLength) {
      const part = await this.#compareSlice(a, b, first, Math.min(sliceLength, count - first));
      addStatistics(total, part, (index) => first + index);
    }
    return total;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#summer.dispose();
  }

  async #compareSlice(a: Operand, b: Operand, first: number, count: number): Promise<ChunkStatistics> {
    const kernelServes = count >= shortestForKernel && isExactInFloat32(a.dtype) && isExactInFloat32(b.dtype);
    if (!kernelServes) return referenceStatistics(sliceAsFloat64(a, first, count), sliceAsFloat64(b, first, count));
    widenToFloat32(a.dtype, a.buffer, first, count, this.#slice.a);
    widenToFloat32(b.dtype, b.buffer, first, count, this.#slice.b);
    return this.#compareWidened(count);
  }

  /** The kernel runs while the exact part is computed here. */
  async #compareWidened(count: number): Promise<ChunkStatistics> {
    const { a, b } = this.#slice;
    a.fill(0, count);
    b.fill(0, count);
    const unsafe = takeUnsafePairs(this.#slice, count);
    const sums = this.#summer.sum(a, b);
    const total = exactStatistics(a, b, count - unsafe.positions.length, this.#delta);
    Object.assign(total, await sums);
    addUnsafePairs(total, unsafe);
    return total;
  }
}

function allocateSlice(): Slice {
  const a = new Float32Array(sliceLength);
  const b = new Float32Array(sliceLength);
  return { a, b, bitsA: new Uint32Array(a.buffer), bitsB: new Uint32Array(b.buffer) };
}

function sliceAsFloat64({ dtype, buffer }: Operand, first: number, count: number): Float64Array {
  if (!isExactInFloat32(dtype)) return decodeToFloat64(dtype, new Uint8Array(buffer, (first * bitsOf(dtype)) / 8), count);
  const widened = new Float32Array(count);
  widenToFloat32(dtype, buffer, first, count, widened);
  return new Float64Array(widened);
}
