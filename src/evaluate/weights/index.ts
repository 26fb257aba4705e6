/** Weights of many candidates, stage by stage: read once, formed once per candidate. */
export { BufferPool } from './bufferPool.js';
export { planStage, readByteLength, type PlannedStage, type WantedTensor } from './planStage.js';
export { StageWeights } from './stageWeights.js';
