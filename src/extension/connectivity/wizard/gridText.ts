import { farthestPosition, formatPosition, type LineGrid, mostLinePoints, mostPerAxis } from '../connectivityRoom.js';
import type { CurveWay } from '../curveDraft.js';

function numbersOf(text: string): number[] {
  return text
    .trim()
    .replaceAll('−', '-')
    .split(/[\s;]+/)
    .map(Number);
}

/** Why `0 1 21` is no grid of this way, as a sentence; null when it is one. */
export function problemOfGrid(text: string, way: CurveWay): string | null {
  const numbers = numbersOf(text);
  const [from = NaN, to = NaN, points = NaN] = numbers;
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return 'Three numbers such as 0 1 21: from, to, and number of points.';
  if (Math.abs(from) > farthestPosition || Math.abs(to) > farthestPosition)
    return `From and to lie between ${formatPosition(-farthestPosition)} and ${farthestPosition}.`;
  if (from >= to) return `From has to be less than to, but got ${formatPosition(from)} and ${formatPosition(to)}.`;
  return problemOfCount(points, way);
}

function problemOfCount(points: number, way: CurveWay): string | null {
  const most = way === 'plane' ? mostPerAxis : mostLinePoints;
  if (Number.isInteger(points) && points >= 2 && points <= most) return null;
  const where = way === 'plane' ? 'A plane has 2 to' : 'A line has 2 to';
  return `${where} ${most} points${way === 'plane' ? ' per axis' : ''}, but got ${formatPosition(points)}.`;
}

/** `0 1 21` as a grid; null where the text is none. Whether it fits a way says `problemOfGrid`. */
export function gridOfText(text: string): LineGrid | null {
  const [from, to, points] = numbersOf(text);
  return from === undefined || to === undefined || points === undefined ? null : { from, to, points, refine: 0 };
}
