/** The part of gpu.js that is used, with the types its own declarations lack. Loaded on first use. */
import { blockKernelSource, blockLength } from './blockKernel.js';

export type GpuBackend = 'webgpu' | 'webasm';

/** Per block: Σa², Σb², Σab, ΣΔ². */
export type BlockSums = readonly Float32Array[];

export interface BlockKernel {
  (a: object, b: object): BlockSums | Promise<BlockSums>;
  /** Set when gpu.js gave up the backend and runs plain JavaScript instead. */
  readonly fallbackReason: string | null;
  destroy(): void;
}

export interface WebGpuContext {
  readonly device: GPUDevice;
}

/** One device serves all kernels of a thread. */
export interface WebGpuContexts {
  acquire(): Promise<WebGpuContext>;
  destroy(): Promise<void>;
}

export interface GpuJs {
  readonly GPU: new (settings: { mode: GpuBackend }) => {
    createKernel(source: string, settings: object): BlockKernel;
  };
  readonly Input: new (values: Float32Array, size: readonly number[]) => object;
  readonly WebGPUContext: WebGpuContexts;
}

export async function loadGpuJs(): Promise<GpuJs> {
  return (await import('gpu.js')) as unknown as GpuJs;
}

/** A kernel for slices of exactly `sliceLength` positions, compiled at its first call. */
export function createBlockKernel(gpuJs: GpuJs, backend: GpuBackend, sliceLength: number): BlockKernel {
  const gpu = new gpuJs.GPU({ mode: backend });
  return gpu.createKernel(blockKernelSource, {
    output: [sliceLength / blockLength],
    precision: 'single',
    argumentTypes: { a: 'Input', b: 'Input' },
  });
}
