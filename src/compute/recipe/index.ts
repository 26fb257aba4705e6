/** Evaluates recipes (`model/recipe`) in a worker: any elements of a parameter, as bytes that kernels read. */
export { RecipeReader } from './recipeReader.js';
export { compileRecipe } from './compileRecipe.js';
export type { Values } from './values.js';
