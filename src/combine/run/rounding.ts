import { noRounding, roundingFields, type RoundingSums } from '../../compute/index.js';
import type { PlannedTensor, RoundingReport } from '../plan.js';
import type { ChunkLedger } from './chunkLedger.js';
import { firstChunks } from './chunks.js';
import { layerLabel, layerOf } from '../../model/names/index.js';

/** Rounding of one layer, in order of first appearance. */
export interface LayerRounding extends RoundingReport {
  readonly layer: string;
}

export interface RoundingByLayer {
  readonly total: RoundingReport;
  readonly layers: readonly LayerRounding[];
}

type Sums = { -readonly [Field in keyof RoundingSums]: number };

/** Adds up the chunks in the order of the plan, whatever order they were computed in: the report is always the same. */
export function roundingByLayer(tensors: readonly PlannedTensor[], ledger: ChunkLedger): RoundingByLayer {
  const firsts = firstChunks(tensors);
  const total: Sums = { ...noRounding };
  const layers = new Map<string, Sums>();
  for (const [i, tensor] of tensors.entries()) {
    const sums: Sums = { ...noRounding };
    for (let chunk = firsts[i]!; chunk < firsts[i + 1]!; chunk++) addChunk(sums, ledger.sumsOf(chunk));
    const name = layerLabel(layerOf(tensor.name).layer);
    const layer = layers.get(name) ?? { ...noRounding };
    layers.set(name, layer);
    add(layer, sums);
    add(total, sums);
  }
  return { total: toReport(total), layers: [...layers].map(([layer, sums]) => ({ layer, ...toReport(sums) })) };
}

function addChunk(sums: Sums, chunk: Float64Array): void {
  for (const [i, field] of roundingFields.entries()) sums[field] += chunk[i]!;
}

function add(sums: Sums, more: RoundingSums): void {
  for (const field of roundingFields) sums[field] += more[field];
}

function toReport({ squaresLost, squaresDelta, ...counts }: Sums): RoundingReport {
  return { ...counts, normLost: Math.sqrt(squaresLost), normDelta: Math.sqrt(squaresDelta) };
}
