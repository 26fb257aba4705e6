import { findAdapter, mayHaveGpu } from './dawn.js';

/** Whether WebGPU runs here, and on what. */
export type GpuProbe =
  | { readonly available: true; readonly backend: 'webgpu'; readonly device: string; readonly software: boolean }
  | { readonly available: false; readonly reason: string };

/** Looks for a WebGPU adapter: microseconds where no GPU can be, else the time Dawn takes to load (0.1 s and less). */
export async function probeGpu(): Promise<GpuProbe> {
  if (!mayHaveGpu()) return { available: false, reason: 'no GPU device in /dev/dri or /dev/nvidia0, and VK_ICD_FILENAMES is not set' };
  try {
    const adapter = await findAdapter();
    if (adapter !== null) return { available: true, backend: 'webgpu', ...adapter };
    return { available: false, reason: 'WebGPU found no adapter; a Vulkan, Metal or Direct3D 12 driver is needed' };
  } catch (error) {
    return { available: false, reason: `the WebGPU library does not load (${(error as Error).message})` };
  }
}
