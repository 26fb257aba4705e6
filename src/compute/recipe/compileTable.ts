import { shapeOf, type LookupRecipe, type Recipe } from '../../model/recipe/index.js';
import { matrixShape } from './area.js';
import { affine, lookUp } from './arithmeticValues.js';
import { blockTable } from './blockTable.js';
import type { CodesRecipe } from './codeLayout.js';
import { rowDecoder } from './decodeRow.js';
import { bytePanel, packedRowByteLength, type RecipeFiles } from './recipeFiles.js';
import type { TableRecipe } from './tableRecipe.js';
import { TableValues, type TableStep } from './tableValues.js';
import type { Values } from './values.js';

/** How the parts of a recipe are compiled, or read at once where they are small. */
export interface PartReader {
  readonly compile: (recipe: Recipe) => Values;
  readonly readAll: (recipe: Recipe) => Float64Array;
}

/** @throws FileReadError */
export function compileTable(table: TableRecipe, context: RecipeFiles, parts: PartReader): Values {
  const { codes, layout, dtype, blockRows, blockColumns } = table;
  const shape = shapeOf(codes);
  const { rows, columns } = matrixShape(shape);
  const { base, steps } = compileSteps(table, parts);
  const panel = bytePanel(codes.tensor, codes.kind === 'unpacked' ? packedRowByteLength(codes) : columns, context);
  const matrixRows = shape.at(-2) ?? 1;
  const entries = blockTable(base, steps, dtype);
  return new TableValues({ rows, columns, matrixRows, blockRows, blockColumns, layout, codes: panel, steps, table: entries });
}

/** The values that codes have before anything depends on their block, and the steps from there on. */
function compileSteps({ codes, steps }: TableRecipe, parts: PartReader): { base: Float64Array; steps: TableStep[] } {
  const base = valuesOfCodes(codes);
  const compiled: TableStep[] = [];
  let isPerBlock = false;
  for (const step of steps) {
    isPerBlock ||= step.kind === 'blockwise';
    if (step.kind === 'lookup') lookUp(tableOf(step, parts))(base);
    else if (step.kind === 'blockwise') compiled.push({ ...step, by: parts.compile(step.by) });
    else if (isPerBlock) compiled.push(step);
    else affine(step.scale, step.shift)(base);
  }
  return { base, steps: compiled };
}

function valuesOfCodes(codes: CodesRecipe): Float64Array {
  if (codes.kind === 'unpacked') return Float64Array.from({ length: 16 }, (_, code) => code);
  const values = new Float64Array(256);
  rowDecoder(codes.tensor.dtype)(
    Uint8Array.from(values, (_, code) => code),
    0,
    values,
  );
  return values;
}

function tableOf({ table }: LookupRecipe, { readAll }: PartReader): Float64Array {
  return 'kind' in table ? readAll(table) : Float64Array.from(table);
}

/** Groups that an index assigns in order, as most do, are blocks: nothing has to be gathered. @throws FileReadError */
export function withGroupsInOrder(recipe: Recipe, readAll: PartReader['readAll']): Recipe {
  if (recipe.kind === 'affine' || recipe.kind === 'lookup') return { ...recipe, of: withGroupsInOrder(recipe.of, readAll) };
  if (recipe.kind !== 'blockwise') return recipe;
  const { by, blockRows } = recipe;
  const of = withGroupsInOrder(recipe.of, readAll);
  if (by.kind !== 'gathered' || blockRows !== 1 || shapeOf(by).length !== 2) return { ...recipe, of };
  const size = Math.ceil(by.indices.elementCount / shapeOf(by.of)[0]!);
  const indices = readAll({ kind: 'stored', tensor: by.indices });
  const isInOrder = indices.every((group, index) => group === Math.floor(index / size));
  return isInOrder ? { ...recipe, of, by: by.of, blockRows: size } : { ...recipe, of };
}
