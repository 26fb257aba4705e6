/** Values: dtype codecs and kernels (SIMD, GPU), and the worker threads that run them over files. */
export { chooseEngine } from './chooseEngine.js';
export {
  isStorageDtype,
  noRounding,
  roundingFields,
  storageDtypes,
  type RoundingSums,
  type StorageDtype,
  type WeightedStep,
} from './combination.js';
export { cutSegments } from './cutChunk.js';
export type { EngineChoice, EnginePreference } from './engineChoice.js';
export { describeFailure, reviveFailure } from './failure.js';
export { describeChange, FileReadError } from './fileReader.js';
export { DiskFullError, FileWriteError, isDiskFull } from './fileWriter.js';
export { hashByteLength, hashChunkByteLength, Hasher } from './hasher.js';
export { filesOf, sliceRecipe, sliceStored, type SlicedRecipe } from './sliceOf.js';
export { inOrder } from './inOrder.js';
export { chunkByteLength, histogramBins, type ChunkStatistics, type Kernels } from './kernels.js';
export { LargestRows } from './largestRows.js';
export { unpackStatistics, type ChunkSums, type PackedStatistics } from './packedStatistics.js';
export { emptySpread, spreadBins, type SpreadCounts, type SpreadSpans } from './spread.js';
export { joinSlices, keyOfSlice } from './task.js';
export type * from './task.js';
export { ValueSampler } from './valueSampler.js';
export { WorkerFailure, workerCount, WorkerPool, type PoolOptions } from './workerPool.js';
