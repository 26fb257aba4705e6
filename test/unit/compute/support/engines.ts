import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createGpuKernels, mayHaveGpu, type GpuProbe } from '../../../../src/compute/gpu/index.js';
import type { Kernels } from '../../../../src/compute/kernels.js';
import { createSimdKernels } from '../../../../src/compute/simd/index.js';

/** An implementation of `Kernels` that the conformance suite runs over. */
export interface EngineUnderTest {
  readonly name: 'simd' | 'webgpu' | 'webasm';
  readonly create: () => Promise<Kernels>;
  /** Why it cannot run here; null when it can. */
  readonly missing: string | null;
}

/** Engines that have to run: a missing one fails its tests instead of leaving them pending. Comma-separated. */
const required = (process.env['MODEL_REBASE_REQUIRE_ENGINES'] ?? '').split(',').map((name) => name.trim());

/** Mocha wants to know its tests before anything asynchronous has run, so another process asks for the adapter. */
function missingWebGpu(): string | null {
  if (!mayHaveGpu()) return 'no GPU device, and VK_ICD_FILENAMES is not set';
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'printGpuProbe.ts')], { encoding: 'utf8' });
  if (stdout === '') return stderr;
  const probe = JSON.parse(stdout) as GpuProbe;
  return probe.available ? null : probe.reason;
}

export const engines: readonly EngineUnderTest[] = [
  { name: 'simd', create: createSimdKernels, missing: null },
  { name: 'webgpu', create: () => createGpuKernels({ backend: 'webgpu' }), missing: missingWebGpu() },
  { name: 'webasm', create: () => createGpuKernels({ backend: 'webasm' }), missing: null },
];

/** Declares the tests of one engine, or one pending test that says why it is missing. */
export function describeEngine(title: string, engine: EngineUnderTest, body: () => void): void {
  const isRequired = required.includes(engine.name);
  if (engine.missing === null || isRequired) describe(title, body);
  else describe(title, () => it(`does not run here: ${engine.missing}`));
}
