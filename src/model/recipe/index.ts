/** How the values of a parameter come of stored tensors. */
export type * from './recipe.js';
export { shapeOf, tensorsOf, valueDtype } from './recipeFacts.js';
