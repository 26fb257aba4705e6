/** What is odd about a model although it can be read. */
export { checkHealth } from './checkHealth.js';
