/** The layer-streamed forward pass: weights arrive stage by stage, hidden states stay. */
export { batchSequences } from './batchSequences.js';
export { ModelFailure, ModelThread } from './modelThread.js';
export type { ModelThreadSettings } from './protocol.js';
export { runPass, type Pass, type PassContext, type PassResult } from './runPass.js';
export { stageByteLength, stagesOf, type Stage } from './stages.js';
