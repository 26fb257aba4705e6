/** What a `config.json` says of a model, in one form for all families. */
export type * from './architecture.js';
export { ArchitectureError } from './architectureError.js';
export { readArchitecture, supportedModelTypes } from './readArchitecture.js';
export type { Rope, RopeScaling } from './rope.js';
