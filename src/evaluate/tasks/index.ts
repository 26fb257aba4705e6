/** What models are asked: texts and items as token sequences, and what the answers are worth. */
export { prepareTask, prepareTasks } from './prepareTask.js';
export * from './task.js';
export { TaskSettingsError } from './taskSettingsError.js';
