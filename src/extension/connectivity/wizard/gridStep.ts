import { type QuickPickItem, ThemeIcon } from 'vscode';
import { askForText } from '../../kit/inputBox.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';
import type { LineGrid } from '../connectivityRoom.js';
import type { CurveDraft, CurveWay } from '../curveDraft.js';
import { describeGrid, evenGrid, gridsOf } from './gridChoices.js';
import { gridOfText, problemOfGrid } from './gridText.js';

interface GridItem extends QuickPickItem {
  /** Null: the user types it. */
  readonly grid: LineGrid | null;
}

const other: GridItem = { label: 'Other…', description: 'from, to and number of points', iconPath: new ThemeIcon('edit'), grid: null };

function itemsOf(way: CurveWay): readonly GridItem[] {
  const proposed = gridsOf[way].map((choice): GridItem => {
    const { label, description } = describeGrid(choice, way);
    return { label, description, iconPath: new ThemeIcon(choice.icon), grid: choice.grid };
  });
  return [...proposed, other];
}

async function askForOther(draft: CurveDraft, place: Place): Promise<Answer<CurveDraft>> {
  const { from, to, points } = draft.grid ?? evenGrid(0, 1, 21);
  const answer = await askForText(place, {
    prompt: 'From, to and number of points, with spaces between',
    value: `${from} ${to} ${points}`,
    problemOf: (text) => problemOfGrid(text, draft.way ?? 'interpolate'),
  });
  return answer === undefined || answer === 'back' ? answer : { ...draft, grid: gridOfText(answer.text) };
}

async function askForGrid(draft: CurveDraft, place: Place): Promise<Answer<CurveDraft>> {
  for (;;) {
    const items = itemsOf(draft.way ?? 'interpolate');
    const item = await askToPick(place, { placeholder: 'Where to score models', items });
    if (item === undefined || item === 'back') return item;
    if (item.grid !== null) return { ...draft, grid: item.grid };
    const typed = await askForOther(draft, { ...place, hasBack: true });
    if (typed !== 'back') return typed;
  }
}

export const gridStep: Step<CurveDraft> = { isNeeded: () => true, ask: askForGrid };
