/** Compares products of thin factors without forming them. */
export { ProductComparer } from './compareProducts.js';
