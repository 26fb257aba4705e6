import type { WebGpuContext, WebGpuContexts } from './gpuJs.js';

const errorKinds = ['validation', 'out-of-memory', 'internal'] as const satisfies readonly GPUErrorFilter[];

let guards = 0;

/**
 * Turns device errors into rejected promises. gpu.js only logs them, and a command that the device refused leaves a
 * result full of zeros. Guards of one thread share gpu.js's device; the last one to be disposed of destroys it.
 */
export class DeviceGuard {
  readonly #contexts: WebGpuContexts;
  readonly #device: GPUDevice;

  private constructor(contexts: WebGpuContexts, context: WebGpuContext) {
    this.#contexts = contexts;
    this.#device = context.device;
    guards += 1;
  }

  static async acquire(contexts: WebGpuContexts): Promise<DeviceGuard> {
    return new DeviceGuard(contexts, await contexts.acquire());
  }

  /** The result of `work`, which must submit all its commands before it returns its promise. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    for (const kind of errorKinds) this.#device.pushErrorScope(kind);
    const result = work();
    const scopes = errorKinds.map(() => this.#device.popErrorScope());
    const [value, ...errors] = await Promise.all([result, ...scopes]);
    const failure = errors.find((error) => error !== null);
    if (failure !== undefined) throw new Error(`the GPU refused the work: ${failure.message}`);
    return value;
  }

  dispose(): void {
    guards -= 1;
    if (guards === 0) void this.#contexts.destroy();
  }
}
