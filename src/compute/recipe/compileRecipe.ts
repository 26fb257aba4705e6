import { bitsOf, type Tensor } from '../../checkpoint/index.js';
import {
  shapeOf,
  type BlocksRecipe,
  type ConcatenationRecipe,
  type GatheredRecipe,
  type LookupRecipe,
  type PartRecipe,
  type Recipe,
  type RegroupedRecipe,
  type RoundedRecipe,
  type UnpackedRecipe,
} from '../../model/recipe/index.js';
import { FormatError } from '../../base/formatError.js';
import { matrixShape } from './area.js';
import { affine, LowRankValues, lookUp, NormalisedRows, ReplacedValues, SummedValues } from './arithmeticValues.js';
import { BlockValues } from './blockValues.js';
import { BlockwiseValues } from './blockwiseValues.js';
import { PackedColumns, PackedRows } from './packedValues.js';
import { bytePanel, packedRowByteLength, type RecipeFiles } from './recipeFiles.js';
import { roundTo } from './roundTo.js';
import { StoredValues, StridedValues } from './storedValues.js';
import { ColumnsInTurn, MappedRows, PartOfColumns, ReshapedValues, RowsInTurn, TransposedValues } from './structureValues.js';
import { compileTable, withGroupsInOrder } from './compileTable.js';
import { tableRecipe } from './tableRecipe.js';
import type { Values } from './values.js';

/** @returns the values of a recipe, to be read area by area; small code books and index tensors are read at once @throws FileReadError */
export function compileRecipe(recipe: Recipe, context: RecipeFiles): Values {
  const compile = (part: Recipe): Values => compileRecipe(part, context);
  switch (recipe.kind) {
    case 'stored':
      return new StoredValues(panelOf(recipe.tensor, matrixShape(recipe.tensor.shape).columns, context), recipe.tensor);
    case 'strided':
      return new StridedValues(recipe, panelOf(recipe.tensor, recipe.tensor.elementCount, context));
    case 'unpacked':
      return compileUnpacked(recipe, context);
    case 'blocks':
      return compileBlocks(recipe, context);
    case 'reshaped': {
      const { rows, columns } = matrixShape(recipe.shape);
      return new ReshapedValues(compile(recipe.of), rows, columns);
    }
    case 'part':
      return compilePart(recipe, compile(recipe.of));
    case 'stack':
      return compileStack(recipe.of, recipe.of.map(compile));
    case 'concatenation':
      return compileConcatenation(recipe, recipe.of.map(compile));
    case 'transposed':
      return new TransposedValues(compile(recipe.of), shapeOf(recipe.of).at(-2)!);
    case 'regrouped':
      return regroup(compile(recipe.of), shapeOf(recipe), recipe);
    case 'gathered':
      return compileGathered(recipe, compile(recipe.of), context);
    case 'lookup':
      return new ReplacedValues(compile(recipe.of), lookUp(tableOf(recipe.table, context)));
    case 'blockwise':
      return new BlockwiseValues(recipe, compile(recipe.of), compile(recipe.by), shapeOf(recipe).at(-2) ?? 1);
    case 'low-rank':
      return new LowRankValues(recipe.scale, compile(recipe.b), compile(recipe.a));
    case 'sum':
      return new SummedValues(recipe.of.map(compile));
    case 'affine':
      return new ReplacedValues(compile(recipe.of), affine(recipe.scale, recipe.shift));
    case 'normalised':
      return new NormalisedRows(compile(recipe.of));
    case 'rounded':
      return compileRounded(recipe, context);
    default:
      return recipe satisfies never;
  }
}

/** What is done to each value is done before they are put in another order, where a table may serve. */
function compileRounded({ of, dtype }: RoundedRecipe, context: RecipeFiles): Values {
  if (of.kind === 'transposed' || of.kind === 'reshaped')
    return compileRecipe({ ...of, of: { kind: 'rounded', of: of.of, dtype } }, context);
  const tools = { compile: (part: Recipe) => compileRecipe(part, context), readAll: (part: Recipe) => readAll(part, context) };
  const plain = withGroupsInOrder(of, tools.readAll);
  const table = tableRecipe(plain, dtype);
  return table === null ? new ReplacedValues(tools.compile(plain), roundTo(dtype)) : compileTable(table, context, tools);
}

/** All values of a recipe, in order. For what is small. */
export function readAll(recipe: Recipe, context: RecipeFiles): Float64Array {
  const values = compileRecipe(recipe, context);
  const out = new Float64Array(values.rows * values.columns);
  values.read({ row: 0, rows: values.rows, column: 0, columns: values.columns }, out);
  return out;
}

function panelOf(tensor: Tensor, elementsPerRow: number, context: RecipeFiles): ReturnType<typeof bytePanel> {
  return bytePanel(tensor, (elementsPerRow * bitsOf(tensor.dtype)) / 8, context);
}

function compileUnpacked(recipe: UnpackedRecipe, context: RecipeFiles): Values {
  const { tensor, axis } = recipe;
  const panel = bytePanel(tensor, packedRowByteLength(recipe), context);
  return axis === 1 ? new PackedRows(recipe, panel) : new PackedColumns(recipe, panel);
}

/** What is read ahead in blocks that follow each other: slices of one tensor go to several workers. */
const readAheadByteLength = 256 * 1024;

function compileBlocks(recipe: BlocksRecipe, context: RecipeFiles): Values {
  const { rows } = matrixShape(recipe.shape);
  const { tensor } = recipe;
  const inOrder = bytePanel(tensor, tensor.byteLength, context, readAheadByteLength);
  return new BlockValues(recipe, inOrder, bytePanel(tensor, tensor.byteLength / rows, context));
}

function compilePart({ of, axis, first, count, step }: PartRecipe, values: Values): Values {
  const shape = shapeOf(of);
  if (axis === shape.length - 1) return new PartOfColumns(values, first, count, step);
  const inner = rowsPerEntry(shape, axis);
  const size = shape[axis]!;
  const sourceOf = (row: number): number => {
    const entry = Math.floor(row / inner);
    return (Math.floor(entry / count) * size + first + (entry % count) * step) * inner + (row % inner);
  };
  return new MappedRows(values, (values.rows / size) * count, sourceOf);
}

/** Rows of the matrix that one entry of an axis has. */
function rowsPerEntry(shape: readonly number[], axis: number): number {
  return shape.slice(axis + 1, -1).reduce((product, size) => product * size, 1);
}

function compileConcatenation({ of, axis }: ConcatenationRecipe, parts: readonly Values[]): Values {
  const shapes = of.map(shapeOf);
  if (axis === shapes[0]!.length - 1) return new ColumnsInTurn(parts);
  return new RowsInTurn(
    parts,
    shapes.map((shape) => shape[axis]! * rowsPerEntry(shape, axis)),
  );
}

function compileStack(of: readonly Recipe[], parts: readonly Values[]): Values {
  if (shapeOf(of[0]!).length === 0) return new ColumnsInTurn(parts);
  return new RowsInTurn(
    parts,
    parts.map(({ rows }) => rows),
  );
}

/** Entries of the first axis in another order. A vector is looked at as a column for that. */
function mapEntries(values: Values, shape: readonly number[], count: number, sourceOf: (entry: number) => number): Values {
  if (shape.length === 1) {
    const column = new MappedRows(new ReshapedValues(values, values.columns, 1), count, sourceOf);
    return new ReshapedValues(column, 1, count);
  }
  const inner = rowsPerEntry(shape, 0);
  return new MappedRows(values, count * inner, (row) => sourceOf(Math.floor(row / inner)) * inner + (row % inner));
}

function regroup(values: Values, shape: readonly number[], { first, second }: RegroupedRecipe): Values {
  const size = first * second;
  return mapEntries(values, shape, shape[0]!, (entry) => {
    const inGroup = entry % size;
    return entry - inGroup + (inGroup % first) * second + Math.floor(inGroup / first);
  });
}

/** @throws FormatError when an index lies outside */
function compileGathered({ of, indices }: GatheredRecipe, values: Values, context: RecipeFiles): Values {
  const shape = shapeOf(of);
  const places = readAll({ kind: 'stored', tensor: indices }, context);
  const outside = places.find((place) => !(place >= 0 && place < shape[0]!));
  if (outside !== undefined)
    throw new FormatError({
      file: context.files[indices.shard]!.path,
      tensor: indices.name,
      problem: 'index names a group that is not there',
      expected: `0 to ${shape[0]! - 1}`,
      actual: String(outside),
      remedy: 'The file is damaged or was not written by a known library: quantise or download the model again.',
    });
  return mapEntries(values, shape, places.length, (entry) => places[entry]!);
}

function tableOf(table: LookupRecipe['table'], context: RecipeFiles): Float64Array {
  return 'kind' in table ? readAll(table, context) : Float64Array.from(table);
}
