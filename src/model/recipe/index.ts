/** How the values of a parameter come of stored tensors. */
export type * from './recipe.js';
export { mapTensors, shapeOf, tensorsOf, valueDtype } from './recipeFacts.js';
