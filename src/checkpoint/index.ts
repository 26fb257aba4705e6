/** A model version as named tensors: formats, validation, sharding, discovery. */
export {
  addressExists,
  addressOfPart,
  folderOfAddress,
  isFileAddress,
  parseAddress,
  pathOfAddress,
  placeOfAddress,
  placesOfAddress,
  titleOf,
  type Address,
} from './address.js';
export { addressInFile, addressOfSum, mapTerms, parseSum, resolveAddress, type AddressSum, type AddressTerm } from './addressSum.js';
export * from './byteSource.js';
export * from './checkpoint.js';
export { checkpointParts, type CheckpointPart, type CheckpointParts } from './checkpointParts.js';
export { CompanionReader } from './companionReader.js';
export { discoverCheckpoints, type DiscoverOptions, type Discovery } from './discoverCheckpoints.js';
export * from './dtype.js';
export { FileByteSource } from './fileByteSource.js';
export * from './finding.js';
export { fingerprintShard, hashHeader, shardIdentities, type ShardFingerprint } from './fingerprint.js';
export { hubNameOf, isInCache } from './hubCache.js';
export { openCheckpoint } from './openCheckpoint.js';
export { loadersOpen } from './weightsFindings.js';
export {
  blockTypes,
  formatName,
  isBlockType,
  parseSafetensorsHeader,
  readGgufArray,
  readHeader,
  weightsSuffixes,
  type BlockCoding,
  type BlockFacts,
  type BlockType,
  type FileTensor,
  type HeaderInput,
  type SafetensorsHeader,
} from './formats/index.js';
