/** The gpu.js engine: WebGPU where an adapter exists, else gpu.js's own WebAssembly backend. */
import type { Kernels } from '../kernels.js';
import type { GpuBackend } from './gpuJs.js';
import { GpuKernels } from './gpuKernels.js';
import { probeGpu } from './probe.js';
import { testArithmetic } from './selfTest.js';
import { SliceSummer } from './sliceSummer.js';

export type { GpuBackend } from './gpuJs.js';
export { mayHaveGpu } from './dawn.js';
export { probeGpu, type GpuProbe } from './probe.js';

/** `backend` forces one; left out, WebGPU is taken where an adapter exists. */
export interface GpuOptions {
  readonly backend?: GpuBackend;
}

/**
 * Kernels on gpu.js, compiled and tested. Each instance keeps about 13 MB, on WebGPU also a device; `dispose` frees it.
 * @throws when WebGPU is asked for and there is none, or when the device computes wrongly; the message says what to do.
 */
export async function createGpuKernels(options: GpuOptions = {}): Promise<Kernels> {
  if (options.backend === 'webasm') return createOn('webasm', 'webasm (no GPU)');
  const probe = await probeGpu();
  if (probe.available) return createOn('webgpu', `webgpu (${probe.device})`);
  if (options.backend === 'webgpu') throw unusable('webgpu', probe.reason);
  return createOn('webasm', 'webasm (no GPU)');
}

async function createOn(backend: GpuBackend, detail: string): Promise<Kernels> {
  try {
    return new GpuKernels(detail, await createTestedSummer(backend));
  } catch (error) {
    throw unusable(detail, (error as Error).message);
  }
}

async function createTestedSummer(backend: GpuBackend): Promise<SliceSummer> {
  const summer = await SliceSummer.create(backend);
  try {
    await testArithmetic(summer);
    return summer;
  } catch (error) {
    summer.dispose();
    throw error;
  }
}

function unusable(detail: string, reason: string): Error {
  return new Error(
    `The GPU engine cannot run on ${detail}: ${reason}. Choose the SIMD engine, which runs everywhere, or install the GPU's driver.`,
  );
}
