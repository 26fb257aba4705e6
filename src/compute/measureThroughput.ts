import { chunkByteLength, type Kernels } from './kernels.js';

/** Both sides of the sample together. */
export const sampleByteLength = 8 * 1024 * 1024;

/** At most this many timed runs over the sample, and no further one once so many milliseconds are spent. */
const maximumRuns = 5;
const budgetMilliseconds = 50;

/**
 * Bytes of BF16 input, both sides counted, that the kernels compare per second in this one thread: the best of up to
 * five runs over the sample, after a run that warms up.
 */
export async function measureThroughput(kernels: Kernels): Promise<number> {
  const count = fillWithWeights(kernels);
  await compareSample(kernels, count);
  const begin = performance.now();
  let best = Infinity;
  for (let run = 0; run < maximumRuns && performance.now() - begin < budgetMilliseconds; run++) {
    best = Math.min(best, await compareSample(kernels, count));
  }
  return (sampleByteLength / best) * 1000;
}

/** Compares chunk after chunk; returns milliseconds. */
async function compareSample(kernels: Kernels, count: number): Promise<number> {
  const start = performance.now();
  for (let done = 0; done < sampleByteLength; done += 2 * chunkByteLength) await kernels.compare('BF16', 'BF16', count);
  return performance.now() - start;
}

/** Writes BF16 values of about ±0.01 with differences in the last bits; returns how many. */
function fillWithWeights(kernels: Kernels): number {
  const { a, b } = kernels.inputs(chunkByteLength, chunkByteLength);
  for (let i = 0; i < chunkByteLength; i += 2) {
    const noise = Math.imul(i + 1, 0x9e3779b1) >>> 16;
    a[i] = noise;
    b[i] = noise ^ (noise >>> 13);
    a[i + 1] = b[i + 1] = noise & 0x100 ? 0xbc : 0x3c;
  }
  return chunkByteLength / 2;
}
