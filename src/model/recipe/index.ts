/** How the values of a parameter come of stored tensors. */
export type * from './recipe.js';
export { recipeCheck } from './recipeCheck.js';
export { mapTensors, plainDtype, shapeOf, tensorsOf, valueDtype } from './recipeFacts.js';
export { recipeJson, reviveTables, tablesForJson } from './recipeJson.js';
