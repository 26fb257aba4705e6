/** A model version as named tensors: formats, validation, sharding, discovery. */
export * from './byteSource.js';
export * from './checkpoint.js';
export * from './config.js';
export { discoverCheckpoints, type DiscoverOptions, type Discovery } from './discoverCheckpoints.js';
export * from './dtype.js';
export { FileByteSource } from './fileByteSource.js';
export * from './finding.js';
export * from './formatError.js';
export { makeFolder } from './makeFolder.js';
export { readTextFile } from './readTextFile.js';
export { JsonFault } from './jsonCursor.js';
export { isRecord, parseJsonText } from './jsonRecord.js';
export { JsonScanner } from './jsonScanner.js';
export * from './layerName.js';
export { openCheckpoint } from './openCheckpoint.js';
export { readHeader } from './readHeader.js';
export { modifiedAtOf } from './modifiedAt.js';
export { parseSafetensorsHeader, type HeaderInput, type HeaderTensor, type SafetensorsHeader } from './safetensorsHeader.js';
