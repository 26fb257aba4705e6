/**
 * Dawn (Chromium's WebGPU, npm package `webgpu`) as the adapter source of gpu.js, which looks for `navigator.gpu`.
 * Dawn is a native library of 20 MB and more, so it is loaded only where a GPU may be.
 */
import { existsSync, readdirSync } from 'node:fs';

/** What stands behind a WebGPU adapter. */
export interface Adapter {
  /** `some-gpu`, `swiftshader-device-subzero`. */
  readonly device: string;
  /** The CPU plays the GPU: correct, but never faster than the CPU's own kernels. */
  readonly software: boolean;
}

let gpu: Promise<GPU> | null = null;

/**
 * Whether loading Dawn is worth it, from a look at the file system alone. False only where no adapter can be: Linux
 * without a device node of a GPU and without a Vulkan driver named in the environment.
 */
export function mayHaveGpu(platform = process.platform, environment = process.env): boolean {
  if (platform !== 'linux') return true;
  if (environment['VK_ICD_FILENAMES'] || environment['VK_DRIVER_FILES']) return true;
  return existsSync('/dev/nvidia0') || existsSync('/dev/dxg') || hasRenderNode('/dev/dri');
}

function hasRenderNode(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('renderD'));
}

/**
 * The adapter that gpu.js will use, or null when there is none. Puts `navigator.gpu` in place for gpu.js.
 * @throws when Dawn's library does not load.
 */
export async function findAdapter(): Promise<Adapter | null> {
  gpu ??= loadDawn();
  const adapter = await (await gpu).requestAdapter();
  if (adapter === null) return null;
  const { vendor, architecture, device, description } = adapter.info;
  const name = device || architecture || description || vendor || 'unnamed device';
  const software = adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${name} ${description}`);
  return { device: name.replace(/-+$/, ''), software };
}

async function loadDawn(): Promise<GPU> {
  const { create } = await import('webgpu');
  const dawn = create([]);
  const fastest: Pick<GPU, 'requestAdapter'> = {
    requestAdapter: (options) => dawn.requestAdapter({ powerPreference: 'high-performance', ...options }),
  };
  offerToGpuJs(fastest);
  return fastest as GPU;
}

/** Node 20 has no `navigator`; later versions have one without `gpu`. */
function offerToGpuJs(offered: Pick<GPU, 'requestAdapter'>): void {
  const property = { value: offered, configurable: true };
  const existing = (globalThis as { navigator?: object }).navigator;
  if (existing === undefined)
    Object.defineProperty(globalThis, 'navigator', { value: Object.defineProperty({}, 'gpu', property), configurable: true });
  else Object.defineProperty(existing, 'gpu', property);
}
