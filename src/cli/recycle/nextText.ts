import { describePlan } from '../../combine/index.js';
import type { Advice, NextReport, Stance } from '../../recycle/index.js';
import type { Io } from '../io.js';
import { describeStatus } from './statusText.js';
import { visibleText } from '../../base/visibleText.js';

const marks: Readonly<Record<Stance, string>> = { for: '+', against: '−', open: '?', remark: '·' };

/** What is known before a round, for a terminal. */
export function describeNextReport({ status, plan, advice }: NextReport, io: Io): string {
  return [
    describeStatus(status, io),
    ...(plan === null ? [] : ['\nThe start:\n', describePlan(plan)]),
    ...(advice === null ? [] : [`\n${describeAdvice(advice)}`]),
  ].join('');
}

function describeAdvice({ advice, reasons }: Advice): string {
  const lines = reasons.map(({ stance, sentence }) => `  ${marks[stance]} ${visibleText(sentence)}\n`);
  return [`Advice: ${advice}.\n`, ...lines, '+ for recycling, − against it, ? open, · remark. You decide.\n'].join('');
}
