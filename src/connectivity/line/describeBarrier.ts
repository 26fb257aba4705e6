import type { ReportTask } from '../../evaluate/report/index.js';
import { formatEstimate, formatPosition, itemNoun, lossName, type ItemNoun } from '../report/index.js';
import { barrierTolerance, fewestItems, type Judgement } from './judgeRises.js';
import { formatCount, plural } from '../../base/format.js';

/** The verdict in words: what was measured, where, over how much text, and no more. */
export function describeBarrier(about: ReportTask, judgement: Judgement, pointCount: number): string {
  const { noun, unit } = lossName(about);
  const { verdict, highest } = judgement;
  const points = plural(pointCount, 'point');
  const rise = `${formatEstimate(highest.value, highest.standardError)}${unit} at α = ${formatPosition(highest.at)}`;
  const basis = `over ${plural(highest.itemCount, itemNoun(about))}`;
  const tolerance = `${barrierTolerance}${unit}`;
  switch (verdict) {
    case 'connected':
      return `No barrier measured on ${about.name}: at ${points} between the ends the ${noun} nowhere rises above the chord by more than ${tolerance}; the largest rise is ${rise}, ${basis}. By itself this does not say that a transfer works.`;
    case 'barrier':
      return `Barrier on ${about.name}: the ${noun} rises above the chord by ${rise}, ${basis}; a rise of up to ${tolerance} would count as none.`;
    case 'undecided':
      return `Not decided on ${about.name}: the largest rise of the ${noun} above the chord is ${rise}, ${basis}${describeNeed(judgement, itemNoun(about), tolerance)}`;
    default:
      return verdict satisfies never;
  }
}

/** Why it is not decided, and what would decide it. */
function describeNeed({ itemsNeeded, highest: { itemCount } }: Judgement, item: ItemNoun, tolerance: string): string {
  const more = item === 'window' ? 'more text' : 'more items';
  if (itemCount < fewestItems)
    return `; a verdict takes at least ${fewestItems}: give ${more}${item === 'window' ? ', or smaller windows' : ''}.`;
  const doubt = `, which may be more or less than ${tolerance}.`;
  if (itemsNeeded === null) return `${doubt} ${item === 'window' ? 'More text is' : 'More items are'} not likely to decide it.`;
  return `${doubt} About ${formatCount(itemsNeeded)} ${item}s in all, ${formatCount(Math.max(1, itemsNeeded - itemCount))} more, would probably decide it.`;
}

/** Why nothing can be said: the numbers come without the noise that they carry. */
export function describeUnpaired(about: ReportTask): string {
  const cause =
    about.kind === 'outside'
      ? "the command's numbers come without a standard error"
      : 'the models cut the text into different tokens, so that their windows cannot be paired';
  return `No verdict on ${about.name}: ${cause}.`;
}
