import assert from 'node:assert/strict';
import { chooseEngine, type EngineTrials } from '../../../src/compute/chooseEngine.js';
import { emptyStatistics } from '../../../src/compute/chunkStatistics.js';
import type { Kernels } from '../../../src/compute/kernels.js';

const realGpu = { available: true, backend: 'webgpu', device: 'some-gpu', software: false } as const;

interface Recorded extends EngineTrials {
  readonly created: string[];
  readonly disposed: string[];
}

function trialsWith(overrides: Partial<EngineTrials>): Recorded {
  const created: string[] = [];
  const disposed: string[] = [];
  const fake = (name: Kernels['name'], detail: string) => (): Promise<Kernels> => {
    created.push(detail);
    return Promise.resolve({
      name,
      detail,
      blockByteLength: 8192,
      inputs: (a, b) => ({ a: new Uint8Array(a), b: new Uint8Array(b) }),
      compare: () => Promise.resolve(emptyStatistics()),
      dispose: () => disposed.push(detail),
    });
  };
  return {
    created,
    disposed,
    probeGpu: () => Promise.resolve(realGpu),
    createSimdKernels: fake('simd', 'WebAssembly SIMD'),
    createGpuKernels: fake('gpu', 'webgpu (some-gpu)'),
    measure: ({ name }) => Promise.resolve(name === 'simd' ? 5.14e9 : 1.2e9),
    ...overrides,
  };
}

describe('chooseEngine', () => {
  it('takes SIMD when the user says so, without looking for a GPU', async () => {
    const trials = trialsWith({ probeGpu: () => Promise.reject(new Error('probed')) });
    assert.deepEqual(await chooseEngine('simd', 2, trials), { name: 'simd', detail: 'WebAssembly SIMD', reason: 'chosen by the user' });
    assert.deepEqual(trials.created, []);
  });

  it('takes the GPU when the user says so, and starts it once to see that it works', async () => {
    const trials = trialsWith({});
    assert.deepEqual(await chooseEngine('gpu', 2, trials), { name: 'gpu', detail: 'webgpu (some-gpu)', reason: 'chosen by the user' });
    assert.deepEqual(trials.disposed, ['webgpu (some-gpu)']);
  });

  it('says why a forced GPU engine runs without WebGPU', async () => {
    const trials = trialsWith({ probeGpu: () => Promise.resolve({ available: false, reason: 'no adapter' }) });
    assert.equal((await chooseEngine('gpu', 2, trials)).reason, 'chosen by the user; without WebGPU: no adapter');
  });

  it('fails when a forced GPU engine cannot run', async () => {
    const trials = trialsWith({ createGpuKernels: () => Promise.reject(new Error('driver too old')) });
    await assert.rejects(chooseEngine('gpu', 2, trials), /driver too old/);
  });

  it('auto: measures nothing where there is no GPU', async () => {
    const trials = trialsWith({ probeGpu: () => Promise.resolve({ available: false, reason: 'no GPU device' }) });
    assert.deepEqual(await chooseEngine('auto', 2, trials), { name: 'simd', detail: 'WebAssembly SIMD', reason: 'auto: no GPU device' });
    assert.deepEqual(trials.created, []);
  });

  it('auto: measures no software adapter', async () => {
    const trials = trialsWith({ probeGpu: () => Promise.resolve({ ...realGpu, device: 'swiftshader', software: true }) });
    const { name, reason } = await chooseEngine('auto', 2, trials);
    assert.deepEqual([name, reason], ['simd', 'auto: the only GPU adapter (swiftshader) is software, not worth a measurement']);
    assert.deepEqual(trials.created, []);
  });

  it('auto: takes the faster of two measured engines and tells both figures', async () => {
    const slower = trialsWith({});
    assert.deepEqual(await chooseEngine('auto', 2, slower), {
      name: 'simd',
      detail: 'WebAssembly SIMD',
      reason: 'auto: WebAssembly SIMD 10.3 GB/s with 2 workers, webgpu (some-gpu) 1.2 GB/s on a sample of 8 MB',
    });
    assert.deepEqual(slower.disposed, ['WebAssembly SIMD', 'webgpu (some-gpu)']);
    const faster = trialsWith({ measure: ({ name }) => Promise.resolve(name === 'simd' ? 5e9 : 20e9) });
    assert.equal((await chooseEngine('auto', 2, faster)).name, 'gpu');
    assert.equal((await chooseEngine('auto', 5, faster)).name, 'simd');
  });

  it('auto: falls back to SIMD, with the reason, when the GPU fails its trial', async () => {
    const trials = trialsWith({
      measure: ({ name }) => (name === 'simd' ? Promise.resolve(5e9) : Promise.reject(new Error('the device was lost'))),
    });
    assert.deepEqual(await chooseEngine('auto', 2, trials), {
      name: 'simd',
      detail: 'WebAssembly SIMD',
      reason: 'auto: the device was lost',
    });
    assert.deepEqual(trials.disposed, ['WebAssembly SIMD', 'webgpu (some-gpu)']);
  });
});
