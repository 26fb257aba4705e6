import { chunkByteLength } from '../kernels.js';
import { blockLength, tileLength } from './blockKernel.js';
import { DeviceGuard } from './deviceGuard.js';
import { createBlockKernel, loadGpuJs, type BlockKernel, type BlockSums, type GpuBackend, type GpuJs } from './gpuJs.js';

/** Positions per kernel call: at most 1 MB of float32 a side, and no more than a chunk of 16-bit values has. */
export const sliceLength = Math.min(64 * tileLength, chunkByteLength / 2);

/** The four sums that the kernel contributes. */
export interface SliceSums {
  readonly sumSquaresA: number;
  readonly sumSquaresB: number;
  readonly sumProducts: number;
  readonly sumSquaresDelta: number;
}

/** Sums over slices of exactly `sliceLength` safe values (`float32Rule`). */
export class SliceSummer {
  readonly #gpuJs: GpuJs;
  readonly #kernel: BlockKernel;
  readonly #guard: DeviceGuard | null;

  private constructor(gpuJs: GpuJs, kernel: BlockKernel, guard: DeviceGuard | null) {
    this.#gpuJs = gpuJs;
    this.#kernel = kernel;
    this.#guard = guard;
  }

  /** Compiles the kernel. `webgpu` needs an adapter in place (`findAdapter`). */
  static async create(backend: GpuBackend): Promise<SliceSummer> {
    const gpuJs = await loadGpuJs();
    const guard = backend === 'webgpu' ? await DeviceGuard.acquire(gpuJs.WebGPUContext) : null;
    const summer = new SliceSummer(gpuJs, createBlockKernel(gpuJs, backend, sliceLength), guard);
    try {
      await summer.#compile();
      return summer;
    } catch (error) {
      summer.dispose();
      throw error;
    }
  }

  /** @throws when the device was lost or reports any error. */
  async sum(a: Float32Array, b: Float32Array): Promise<SliceSums> {
    const blocks = this.#guard === null ? await this.#run(a, b) : await this.#guard.run(() => this.#run(a, b));
    return addBlocks(blocks);
  }

  dispose(): void {
    this.#kernel.destroy();
    this.#guard?.dispose();
  }

  /** gpu.js compiles at the first call, and submits that call only when it has compiled, outside any guard. */
  async #compile(): Promise<void> {
    const zeros = new Float32Array(sliceLength);
    await this.#run(zeros, zeros);
    const { fallbackReason } = this.#kernel;
    if (fallbackReason !== null) throw new Error(`gpu.js cannot compile the kernel: ${fallbackReason}`);
  }

  #run(a: Float32Array, b: Float32Array): Promise<BlockSums> {
    const { Input } = this.#gpuJs;
    return Promise.resolve(this.#kernel(new Input(a, [sliceLength]), new Input(b, [sliceLength])));
  }
}

/** Adds the blocks up in float64. */
function addBlocks(blocks: BlockSums): SliceSums {
  if (blocks.length !== sliceLength / blockLength) throw new Error(`internal: ${blocks.length} blocks of sums`);
  const sums = { sumSquaresA: 0, sumSquaresB: 0, sumProducts: 0, sumSquaresDelta: 0 };
  for (const block of blocks) {
    sums.sumSquaresA += block[0]!;
    sums.sumSquaresB += block[1]!;
    sums.sumProducts += block[2]!;
    sums.sumSquaresDelta += block[3]!;
  }
  return sums;
}
