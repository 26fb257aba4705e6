import type { TensorLayout } from '../../checkpoint.js';

/** A box of a tensor and where its elements lie. */
export interface Piece {
  readonly origin: readonly number[];
  readonly shape: readonly number[];
  readonly layout: TensorLayout;
}

/**
 * Joins boxes to the tensor that they make: cuts across the whole, then across what lies between two cuts, and so on, as a mesh of
 * devices does.
 * @returns null when they overlap, leave a gap, or interlock so that no cut goes through
 */
export function joinPieces(pieces: readonly Piece[], shape: readonly number[]): TensorLayout | null {
  return joinWithin(
    pieces,
    shape.map(() => 0),
    shape,
  );
}

function joinWithin(pieces: readonly Piece[], origin: readonly number[], shape: readonly number[]): TensorLayout | null {
  const [first, ...others] = pieces;
  if (first === undefined) return null;
  if (others.length === 0) return first.shape.join() === shape.join() && first.origin.join() === origin.join() ? first.layout : null;
  for (let axis = 0; axis < shape.length; axis++) {
    const slabs = cutAlong(pieces, axis, origin[axis]!, shape[axis]!);
    if (slabs !== null && slabs.length > 1) return joinSlabs(slabs, axis, origin, shape);
  }
  return null;
}

/** What lies between two cuts of an axis. */
interface Slab {
  readonly start: number;
  readonly end: number;
  readonly pieces: readonly Piece[];
}

/** Slabs that follow each other from one end of the axis to the other; null where they do not. */
function cutAlong(pieces: readonly Piece[], axis: number, start: number, size: number): readonly Slab[] | null {
  const slabs: { start: number; end: number; pieces: Piece[] }[] = [];
  for (const piece of [...pieces].sort((a, b) => a.origin[axis]! - b.origin[axis]!)) {
    const from = piece.origin[axis]!;
    const to = from + piece.shape[axis]!;
    const last = slabs.at(-1);
    if (last !== undefined && from < last.end) {
      last.pieces.push(piece);
      last.end = Math.max(last.end, to);
    } else if (from === (last?.end ?? start)) slabs.push({ start: from, end: to, pieces: [piece] });
    else return null;
  }
  return slabs.at(-1)?.end === start + size ? slabs : null;
}

function joinSlabs(slabs: readonly Slab[], axis: number, origin: readonly number[], shape: readonly number[]): TensorLayout | null {
  const of: TensorLayout[] = [];
  for (const { start, end, pieces } of slabs) {
    const layout = joinWithin(pieces, origin.with(axis, start), shape.with(axis, end - start));
    if (layout === null) return null;
    of.push(layout);
  }
  return { kind: 'concatenation', axis, of };
}
