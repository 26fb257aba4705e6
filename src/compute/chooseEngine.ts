import type { EngineChoice, EnginePreference } from './engineChoice.js';
import { createGpuKernels, probeGpu, type GpuProbe } from './gpu/index.js';
import type { Kernels } from './kernels.js';
import { measureThroughput, sampleByteLength } from './measureThroughput.js';
import { createSimdKernels } from './simd/index.js';

/** What the choice looks at; replaced in tests. */
export interface EngineTrials {
  readonly probeGpu: () => Promise<GpuProbe>;
  readonly createSimdKernels: () => Promise<Kernels>;
  readonly createGpuKernels: () => Promise<Kernels>;
  /** Bytes per second in one thread. */
  readonly measure: (kernels: Kernels) => Promise<number>;
}

const realTrials: EngineTrials = { probeGpu, createSimdKernels, createGpuKernels, measure: measureThroughput };

const simd = { name: 'simd', detail: 'WebAssembly SIMD' } as const;

/**
 * The engine to use, with its reason. `auto` costs microseconds where no GPU can be, and measures (about 0.2 s) only
 * where a real one is: a software adapter runs on the same processor as SIMD and is slower.
 * @param workers threads that SIMD would use; the GPU is fed by one
 * @throws when the GPU engine is forced and cannot run; the message says why and what to do.
 */
export async function chooseEngine(
  preference: EnginePreference,
  workers: number,
  trials: EngineTrials = realTrials,
): Promise<EngineChoice> {
  switch (preference) {
    case 'simd':
      return { ...simd, reason: 'chosen by the user' };
    case 'gpu':
      return forcedGpu(trials);
    case 'auto':
      return chooseForMachine(workers, trials);
  }
}

/** Starts the kernels once, so that a GPU that does not work is reported before any job. */
async function forcedGpu(trials: EngineTrials): Promise<EngineChoice> {
  const probe = await trials.probeGpu();
  const kernels = await trials.createGpuKernels();
  kernels.dispose();
  const without = probe.available ? '' : `; without WebGPU: ${probe.reason}`;
  return { name: 'gpu', detail: kernels.detail, reason: `chosen by the user${without}` };
}

async function chooseForMachine(workers: number, trials: EngineTrials): Promise<EngineChoice> {
  const probe = await trials.probeGpu();
  if (!probe.available) return { ...simd, reason: `auto: ${probe.reason}` };
  if (probe.software) return { ...simd, reason: `auto: the only GPU adapter (${probe.device}) is software, not worth a measurement` };
  try {
    return await fasterOf(workers, trials);
  } catch (error) {
    return { ...simd, reason: `auto: ${(error as Error).message}` };
  }
}

async function fasterOf(workers: number, trials: EngineTrials): Promise<EngineChoice> {
  const oneThread = await trial(trials.createSimdKernels, trials.measure);
  const onSimd = { ...oneThread, throughput: oneThread.throughput * workers };
  const onGpu = await trial(trials.createGpuKernels, trials.measure);
  const faster = onGpu.throughput > onSimd.throughput ? onGpu : onSimd;
  const reason = `auto: ${describe(onSimd)} with ${workers} workers, ${describe(onGpu)} on a sample of ${Math.round(sampleByteLength / 1e6)} MB`;
  return { name: faster.name, detail: faster.detail, reason };
}

interface Trial {
  readonly name: Kernels['name'];
  readonly detail: string;
  readonly throughput: number;
}

async function trial(create: () => Promise<Kernels>, measure: EngineTrials['measure']): Promise<Trial> {
  const kernels = await create();
  try {
    return { name: kernels.name, detail: kernels.detail, throughput: await measure(kernels) };
  } finally {
    kernels.dispose();
  }
}

function describe({ detail, throughput }: Trial): string {
  return `${detail} ${(throughput / 1e9).toFixed(1)} GB/s`;
}
