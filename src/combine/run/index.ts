/** Runs a plan: writes its output so that it is whole or absent, and verifies it afterwards. */
export { writeWhole } from './writeWhole.js';
export { OutputError } from './errors.js';
export type { Manifest, ManifestFile, ManifestInput, ManifestShard, ManifestTensor } from './manifest.js';
export type { Computation } from './chunks.js';
export { discardPartial } from './partialOutput.js';
export { ManifestError, parseManifest, readManifest } from './readManifest.js';
export type { LayerRounding, RoundingByLayer } from './rounding.js';
export { runCombine } from './runCombine.js';
export type { CombineProgress, RunOptions, RunStep } from './runOptions.js';
export { partOf, type ElementRange, type TensorPart } from './tensorPart.js';
export { treeHashes, type TreeHashes } from './treeHash.js';
export { verify, type Difference, type VerifyOptions, type VerifyReport } from './verify.js';
