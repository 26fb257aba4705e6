import { type QuickPickItem, QuickPickItemKind, ThemeIcon } from 'vscode';
import type { CheckpointLibrary } from '../../checkpoints/checkpointLibrary.js';
import { titleOf } from '../../../checkpoint/index.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';
import { type CurveDraft, type CurveRole, missingCurveRoles, rolesOf } from '../curveDraft.js';
import { askForCurveModel } from './curveModelStep.js';

/** Why a model has its part, as a clause. */
export type RoleReasons = Partial<Record<CurveRole, string>>;

const labels: Readonly<Record<CurveRole, string>> = { a: 'A', b: 'B', c: 'C', finetuned: 'Fine-tuned', base: 'Base', target: 'Target' };

interface RoleItem extends QuickPickItem {
  /** Absent on the item that goes on. */
  readonly role?: CurveRole;
}

function itemsOf({ way, models }: CurveDraft, reasons: RoleReasons): RoleItem[] {
  const chosen = (way === null ? [] : rolesOf[way]).flatMap((role): RoleItem[] => {
    const path = models[role];
    const reason = reasons[role];
    if (path === null) return [];
    return [{ role, label: `${labels[role]}: ${titleOf(path)}`, ...(reason === undefined ? {} : { description: reason }), detail: path }];
  });
  return [
    { label: 'Go On', iconPath: new ThemeIcon('arrow-right'), alwaysShow: true },
    { label: 'Change', kind: QuickPickItemKind.Separator },
    ...chosen,
  ];
}

async function askAboutRoles(
  start: CurveDraft,
  place: Place,
  reasons: RoleReasons,
  library: CheckpointLibrary,
): Promise<Answer<CurveDraft>> {
  let draft = start;
  for (;;) {
    const missing = missingCurveRoles(draft).length > 0 ? ' What is missing is asked next.' : '';
    const placeholder = `These parts are guessed from weights, chat templates and names: check them.${missing}`;
    const item = await askToPick(place, { placeholder, items: itemsOf(draft, reasons) });
    if (item === undefined || item === 'back') return item;
    if (item.role === undefined) return draft;
    const changed = await askForCurveModel(item.role, draft, { ...place, step: undefined, totalSteps: undefined, hasBack: true }, library);
    if (changed === undefined) return undefined;
    if (changed !== 'back') draft = changed;
  }
}

/** Shows what was guessed, with reasons, until the user goes on; each item changes one model. */
export function rolesStep(reasons: RoleReasons, library: CheckpointLibrary): Step<CurveDraft> {
  return { isNeeded: () => Object.keys(reasons).length > 0, ask: (draft, place) => askAboutRoles(draft, place, reasons, library) };
}
