import { QuickPickItemKind } from 'vscode';
import type { CheckpointLibrary, OpenEntry } from '../../checkpoints/checkpointLibrary.js';
import { pickPart } from '../../checkpoints/pickPart.js';
import { browseForCheckpoint, browseItems, type CheckpointItem, checkpointItems } from '../../checkpoints/pickCheckpoint.js';
import { diffVectorFacts } from '../combineRoom.js';
import type { Draft, ModelRole } from '../draft.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';

export const modelQuestions: Readonly<Record<ModelRole, string>> = {
  finetuned: 'The fine-tuned version, whose training is carried over',
  base: 'The base: what it was fine-tuned from',
  target: 'The target: the base model that gets the fine-tuning',
  delta: 'A saved diff vector',
};

export function isDiffVector({ checkpoint }: OpenEntry): boolean {
  return diffVectorFacts(checkpoint) !== null;
}

function itemsFor(role: ModelRole, { goal, models }: Draft, library: CheckpointLibrary): CheckpointItem[] {
  const isFree = (path: string): boolean => Object.entries(models).every(([other, taken]) => other === role || taken !== path);
  const versions = checkpointItems(library, (entry) => !isDiffVector(entry) && isFree(entry.path));
  const isSource = (role === 'finetuned' || role === 'delta') && goal === 'transfer';
  const vectors = isSource ? checkpointItems(library, isDiffVector) : [];
  const separator = { label: 'Diff vectors: fine-tuned − base', kind: QuickPickItemKind.Separator };
  return [...versions, ...(vectors.length > 0 ? [separator, ...vectors] : []), ...browseItems];
}

/** Puts a model into its place; a diff vector takes the places of fine-tuned and base, and the other way round. */
async function place(draft: Draft, role: ModelRole, path: string, library: CheckpointLibrary): Promise<Draft> {
  const isVector =
    draft.goal === 'transfer' && (role === 'finetuned' || role === 'delta') && diffVectorFacts(await library.checkpointAt(path)) !== null;
  if (isVector) return { ...draft, models: { ...draft.models, finetuned: null, base: null, delta: path } };
  const into = role === 'delta' ? 'finetuned' : role;
  const delta = into === 'finetuned' ? null : draft.models.delta;
  return { ...draft, models: { ...draft.models, delta, [into]: path } };
}

/**
 * Asks for one of the models offered or any other by browsing, until one is chosen or the user leaves.
 * @returns its path, or 'back', or undefined when dismissed
 */
export async function askForPath(
  at: Place,
  question: { readonly placeholder: string; readonly items: readonly CheckpointItem[]; readonly active: string | null },
): Promise<{ readonly path: string } | 'back' | undefined> {
  for (;;) {
    const active = question.items.find(({ path }) => path !== undefined && path === question.active);
    const item = await askToPick(at, { ...question, active });
    if (item === undefined || item === 'back') return item;
    const browsed = item.browse === undefined ? item.path : await browseForCheckpoint(item.browse);
    const path = browsed === undefined ? undefined : await pickPart(browsed);
    if (path !== undefined) return { path };
  }
}

/** Asks for the model of one role. */
export async function askForModel(role: ModelRole, draft: Draft, at: Place, library: CheckpointLibrary): Promise<Answer> {
  const items = itemsFor(role, draft, library);
  const answer = await askForPath(at, { placeholder: modelQuestions[role], items, active: draft.models[role] });
  return answer === undefined || answer === 'back' ? answer : place(draft, role, answer.path, library);
}

/** A step that asks for the model of a role. */
export function modelStep(role: 'finetuned' | 'base' | 'target', library: CheckpointLibrary, isNeeded: (draft: Draft) => boolean): Step {
  return { isNeeded, ask: (draft, at) => askForModel(role, draft, at, library) };
}
