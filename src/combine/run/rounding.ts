import { layerLabel, parseTensorName } from '../../checkpoint/index.js';
import type { PlannedTensor, RoundingReport } from '../plan.js';
import type { ChunkLedger } from './chunkLedger.js';
import { firstChunks } from './chunks.js';

/** Rounding of one layer, in order of first appearance. */
export interface LayerRounding extends RoundingReport {
  readonly layer: string;
}

export interface RoundingByLayer {
  readonly total: RoundingReport;
  readonly layers: readonly LayerRounding[];
}

interface Sums {
  changedCount: number;
  unmovedCount: number;
  squaresLost: number;
  squaresDelta: number;
}

/** Adds up the chunks in the order of the plan, whatever order they were computed in: the report is always the same. */
export function roundingByLayer(tensors: readonly PlannedTensor[], ledger: ChunkLedger): RoundingByLayer {
  const firsts = firstChunks(tensors);
  const total = emptySums();
  const layers = new Map<string, Sums>();
  for (const [i, tensor] of tensors.entries()) {
    const sums = emptySums();
    for (let chunk = firsts[i]!; chunk < firsts[i + 1]!; chunk++) addChunk(sums, ledger.sumsOf(chunk));
    const name = layerLabel(parseTensorName(tensor.name).layer);
    const layer = layers.get(name) ?? emptySums();
    layers.set(name, layer);
    add(layer, sums);
    add(total, sums);
  }
  return { total: toReport(total), layers: [...layers].map(([layer, sums]) => ({ layer, ...toReport(sums) })) };
}

function emptySums(): Sums {
  return { changedCount: 0, unmovedCount: 0, squaresLost: 0, squaresDelta: 0 };
}

function addChunk(sums: Sums, chunk: Float64Array): void {
  add(sums, { changedCount: chunk[0]!, unmovedCount: chunk[1]!, squaresLost: chunk[2]!, squaresDelta: chunk[3]! });
}

function add(sums: Sums, more: Readonly<Sums>): void {
  sums.changedCount += more.changedCount;
  sums.unmovedCount += more.unmovedCount;
  sums.squaresLost += more.squaresLost;
  sums.squaresDelta += more.squaresDelta;
}

function toReport({ changedCount, unmovedCount, squaresLost, squaresDelta }: Sums): RoundingReport {
  return { changedCount, unmovedCount, normLost: Math.sqrt(squaresLost), normDelta: Math.sqrt(squaresDelta) };
}
