import type { Tensor } from '../../checkpoint/index.js';
import type { Recipe } from './recipe.js';

/** A recipe as JSON, with something else in place of each tensor that it reads. */
export function recipeJson(recipe: Recipe, tensorAs: (tensor: Tensor) => unknown): string {
  return JSON.stringify(recipe, (key, value: unknown) =>
    key === 'tensor' || key === 'indices' ? tensorAs(value as Tensor) : tablesForJson(value),
  );
}

/** Values of a recipe with numbers of its tables as texts where JSON cannot write them, or would lose their sign. */
export function tablesForJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('table' in value) || !Array.isArray(value.table)) return value;
  return { ...value, table: value.table.map((entry: unknown) => (isWritable(entry) ? entry : textOf(entry as number))) };
}

function isWritable(entry: unknown): boolean {
  return typeof entry !== 'number' || (Number.isFinite(entry) && !Object.is(entry, -0));
}

function textOf(entry: number): string {
  return entry === 0 ? '-0' : String(entry);
}

/** Undoes `tablesForJson` in a recipe that comes of a file, in place. */
export function reviveTables(recipe: unknown): void {
  if (typeof recipe !== 'object' || recipe === null) return;
  for (const [field, value] of Object.entries(recipe)) {
    if (field === 'table' && Array.isArray(value)) reviveList(value);
    else reviveTables(value);
  }
}

function reviveList(table: unknown[]): void {
  for (const [index, value] of table.entries()) {
    if (value === '-0' || value === 'NaN' || value === 'Infinity' || value === '-Infinity') table[index] = Number(value);
  }
}
