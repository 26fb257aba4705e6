/** Weights of many candidates, stage by stage: read once, formed once per candidate. */
export { BufferPool } from './bufferPool.js';
export { StageWeights, type FormedTensor, type WantedTensor, type WeightBuffers } from './stageWeights.js';
