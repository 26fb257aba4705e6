import { type QuickPickItem, ThemeIcon } from 'vscode';
import { askForText } from '../../transfer/wizard/inputBox.js';
import { askToPick, type Place } from '../../transfer/wizard/quickPick.js';
import type { Answer, Step } from '../../transfer/wizard/steps.js';
import type { LineGrid } from '../connectivityRoom.js';
import type { CurveDraft, CurveWay } from '../curveDraft.js';
import { gridOfText, problemOfGrid } from './gridText.js';

interface GridItem extends QuickPickItem {
  /** Null: the user types it. */
  readonly grid: LineGrid | null;
}

const even = (from: number, to: number, points: number): LineGrid => ({ from, to, points, refine: 0 });
const other: GridItem = { label: 'Other…', description: 'from, to and number of points', iconPath: new ThemeIcon('edit'), grid: null };

const lineItems: readonly GridItem[] = [
  { label: '11 Points from 0 to 1', iconPath: new ThemeIcon('graph-line'), grid: even(0, 1, 11) },
  {
    label: '7 Points and up to 8 More',
    description: 'where the curve bends most or the barrier is',
    iconPath: new ThemeIcon('wand'),
    grid: { ...even(0, 1, 7), refine: 8 },
  },
  {
    label: '16 Points from −0.25 to 1.25',
    description: 'beyond the models',
    iconPath: new ThemeIcon('arrow-both'),
    grid: even(-0.25, 1.25, 16),
  },
  other,
];

const sweepItems: readonly GridItem[] = [
  { label: '15 Points from −0.25 to 1.5', iconPath: new ThemeIcon('graph-line'), grid: even(-0.25, 1.5, 15) },
  {
    label: '8 Points and up to 8 More',
    description: 'around the best λ',
    iconPath: new ThemeIcon('wand'),
    grid: { ...even(-0.25, 1.5, 8), refine: 8 },
  },
  { label: '11 Points from 0 to 1', iconPath: new ThemeIcon('graph-line'), grid: even(0, 1, 11) },
  other,
];

const planeItems: readonly GridItem[] = [
  {
    label: '7 × 7 Points from −0.25 to 1.25',
    description: '49 models',
    iconPath: new ThemeIcon('symbol-array'),
    grid: even(-0.25, 1.25, 7),
  },
  {
    label: '13 × 13 Points from −0.25 to 1.25',
    description: '169 models',
    iconPath: new ThemeIcon('symbol-array'),
    grid: even(-0.25, 1.25, 13),
  },
  other,
];

const itemsOf: Readonly<Record<CurveWay, readonly GridItem[]>> = {
  interpolate: lineItems,
  transferred: lineItems,
  sweep: sweepItems,
  plane: planeItems,
};

async function askForOther(draft: CurveDraft, place: Place): Promise<Answer<CurveDraft>> {
  const { from, to, points } = draft.grid ?? even(0, 1, 21);
  const answer = await askForText(place, {
    prompt: 'From, to and number of points, with spaces between',
    value: `${from} ${to} ${points}`,
    problemOf: (text) => problemOfGrid(text, draft.way ?? 'interpolate'),
  });
  return answer === undefined || answer === 'back' ? answer : { ...draft, grid: gridOfText(answer.text) };
}

async function askForGrid(draft: CurveDraft, place: Place): Promise<Answer<CurveDraft>> {
  for (;;) {
    const items = itemsOf[draft.way ?? 'interpolate'];
    const item = await askToPick(place, { placeholder: 'Where to score models', items });
    if (item === undefined || item === 'back') return item;
    if (item.grid !== null) return { ...draft, grid: item.grid };
    const typed = await askForOther(draft, { ...place, hasBack: true });
    if (typed !== 'back') return typed;
  }
}

export const gridStep: Step<CurveDraft> = { isNeeded: () => true, ask: askForGrid };
