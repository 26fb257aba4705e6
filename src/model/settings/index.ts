export type { ModelConfig } from './config.js';
export { readModelConfig } from './modelConfig.js';
