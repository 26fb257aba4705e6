import { type QuickPickItem, ThemeIcon } from 'vscode';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';
import type { CurveDraft, CurveWay } from '../curveDraft.js';

interface WayItem extends QuickPickItem {
  readonly way: CurveWay;
}

const items: readonly WayItem[] = [
  {
    way: 'interpolate',
    label: 'Between Two Models',
    detail: 'a + α·(b − a): does the loss rise on the straight way from one version to another?',
    iconPath: new ThemeIcon('arrow-both'),
  },
  {
    way: 'transferred',
    label: 'From Fine-tuned to Transferred',
    detail: 'finetuned + α·(target − base): the way that a transfer jumps, walked before any training.',
    iconPath: new ThemeIcon('git-merge'),
  },
  {
    way: 'plane',
    label: 'Plane through Three Models',
    detail: 'a + x·(b − a) + y·(c − a): contours. As many models as there are points, so for small ones.',
    iconPath: new ThemeIcon('symbol-array'),
  },
];

async function askForWay(draft: CurveDraft, place: Place): Promise<Answer<CurveDraft>> {
  const active = items.find(({ way }) => way === draft.way);
  const item = await askToPick(place, { placeholder: 'Which way through the weights?', items, active });
  return item === undefined || item === 'back' ? item : { ...draft, way: item.way, grid: null };
}

/** Asked unless the command or the selection says it. */
export function wayStep(isNeeded: boolean): Step<CurveDraft> {
  return { isNeeded: () => isNeeded, ask: askForWay };
}
