import type { MeasureRequest } from './protocol.js';
import { floatTensor, type Sessions } from './sessions.js';

const repetitions = 5;

/** Operations a second of the best of a few matrix products: other programs only make it slower. */
export async function measureSpeed(sessions: Sessions, { graph, count, size }: MeasureRequest): Promise<number> {
  sessions.define([graph]);
  const feeds = {
    hidden: floatTensor(new Float32Array(count * size).fill(0.5), [count, size]),
    weight: floatTensor(new Float32Array(size * size).fill(0.5), [size, size]),
  };
  const outputs = { output: floatTensor(new Float32Array(count * size), [count, size]) };
  let fastest = Infinity;
  for (let i = 0; i < repetitions; i++) {
    const started = performance.now();
    await sessions.run(graph.id, feeds, outputs);
    fastest = Math.min(fastest, performance.now() - started);
  }
  return (2 * count * size * size * 1000) / fastest;
}
