import type { ReportTask } from '../../evaluate/report/index.js';
import { describeBroken, formatPosition, isBroken, type Barrier, type LinePoint } from '../report/index.js';
import { describeBarrier, describeUnpaired } from './describeBarrier.js';
import { barrierTolerance, judgeRises } from './judgeRises.js';
import { chordOf, risesOf, type Rise } from './rises.js';

/**
 * The barrier of one task between α = 0 and α = 1: the largest rise of the loss above the straight line between the losses
 * of the ends, on the grid. What happens between the points is not known.
 * @param task index into every point's scores
 * @returns null while an end, or every point between the ends, is missing
 */
export function barrierOf(points: readonly LinePoint[], task: number, about: ReportTask): Barrier | null {
  const chord = chordOf(points);
  if (chord === null) return null;
  const broken = [chord.start, ...chord.between, chord.end].find((point) => isBroken(point, task));
  if (broken !== undefined) return noVerdict(NaN, broken.at, describeBroken(about, broken, `α = ${formatPosition(broken.at)}`));
  return verdictOn(risesOf(chord, task), about);
}

function verdictOn(rises: readonly Rise[], about: ReportTask): Barrier {
  const judgement = judgeRises(rises, barrierTolerance);
  const { verdict, highest, itemsNeeded } = judgement;
  if (rises.some(({ itemCount }) => itemCount === 0)) return noVerdict(highest.value, highest.at, describeUnpaired(about));
  return {
    verdict,
    height: highest.value,
    standardError: highest.standardError,
    alpha: highest.at,
    tolerance: barrierTolerance,
    windowsNeeded: itemsNeeded,
    sentence: describeBarrier(about, judgement, rises.length),
  };
}

function noVerdict(height: number, alpha: number, sentence: string): Barrier {
  return { verdict: 'undefined', height, standardError: NaN, alpha, tolerance: barrierTolerance, windowsNeeded: null, sentence };
}
