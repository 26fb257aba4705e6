/** A model version as named tensors: formats, validation, sharding, discovery. */
export * from './byteSource.js';
export * from './checkpoint.js';
export * from './config.js';
export * from './dtype.js';
export * from './finding.js';
export * from './formatError.js';
