import { QuickPickItemKind } from 'vscode';
import type { CheckpointLibrary, OpenEntry } from '../../checkpoints/checkpointLibrary.js';
import { pickPart } from '../../checkpoints/pickPart.js';
import { browseForCheckpoint, browseItems, type CheckpointItem, checkpointItems } from '../../checkpoints/pickCheckpoint.js';
import { baseQuestion, isAdapterAt, withAdapter } from '../../checkpoints/adapterModels.js';
import { isDifference } from '../../checkpoints/isDifference.js';
import { diffVectorFacts } from '../combineRoom.js';
import type { Draft, ModelRole } from '../draft.js';
import { askToPick, type Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';

export const modelQuestions: Readonly<Record<ModelRole, string>> = {
  finetuned: 'The fine-tuned version, whose training is carried over',
  base: 'The base: what it was fine-tuned from',
  target: 'The target: the base model that gets the fine-tuning',
  delta: 'A saved diff vector, or an adapter that needs no base',
};

export function isDiffVector({ checkpoint }: OpenEntry): boolean {
  return diffVectorFacts(checkpoint) !== null;
}

function isSource({ checkpoint }: OpenEntry): boolean {
  return isDifference(checkpoint);
}

function itemsFor(role: ModelRole, { goal, models }: Draft, library: CheckpointLibrary): CheckpointItem[] {
  const isFree = (path: string): boolean => Object.entries(models).every(([other, taken]) => other === role || taken !== path);
  const takesDifferences = (role === 'finetuned' || role === 'delta') && goal === 'transfer';
  const isVersion = takesDifferences ? (entry: OpenEntry) => !isSource(entry) : (entry: OpenEntry) => !isDiffVector(entry);
  const versions = checkpointItems(library, (entry) => isVersion(entry) && isFree(entry.path));
  const vectors = takesDifferences ? checkpointItems(library, isSource) : [];
  const separator = { label: 'Diff vectors, and adapters that need no base', kind: QuickPickItemKind.Separator };
  return [...versions, ...(vectors.length > 0 ? [separator, ...vectors] : []), ...browseItems];
}

/** Puts a model into its place; a diff vector takes the places of fine-tuned and base, and the other way round. */
async function place(draft: Draft, role: ModelRole, path: string, library: CheckpointLibrary): Promise<Draft> {
  const isVector =
    draft.goal === 'transfer' && (role === 'finetuned' || role === 'delta') && isDifference(await library.checkpointAt(path));
  if (isVector) return { ...draft, models: { ...draft.models, finetuned: null, base: null, delta: path } };
  const into = role === 'delta' ? 'finetuned' : role;
  const delta = into === 'finetuned' ? null : draft.models.delta;
  return { ...draft, models: { ...draft.models, delta, [into]: path } };
}

/**
 * Asks for one of the models offered or any other by browsing, until one is chosen or the user leaves.
 * @param library where a model is needed: an adapter is then asked for its base, and is a model with it
 * @returns its path, or 'back', or undefined when dismissed
 */
export async function askForPath(
  at: Place,
  question: { readonly placeholder: string; readonly items: readonly CheckpointItem[]; readonly active: string | null },
  library: CheckpointLibrary | null = null,
): Promise<{ readonly path: string } | 'back' | undefined> {
  for (;;) {
    const active = question.items.find(({ path }) => path !== undefined && path === question.active);
    const item = await askToPick(at, { ...question, active });
    if (item === undefined || item === 'back') return item;
    const browsed = item.browse === undefined ? item.path : await browseForCheckpoint(item.browse);
    const path = browsed === undefined ? undefined : await pickPart(browsed);
    if (path === undefined) continue;
    if (library === null || !(await isAdapterAt(path, library))) return { path };
    const base = await askForPath(at, { ...baseQuestion(path, library), active: null });
    if (base === undefined) return base;
    if (base !== 'back') return { path: withAdapter(base.path, path) };
  }
}

/** What is fine-tuned may be an adapter: its base is asked for anyway, where it needs one. */
function needsModel(role: ModelRole): boolean {
  return role === 'base' || role === 'target';
}

/** Asks for the model of one role. */
export async function askForModel(role: ModelRole, draft: Draft, at: Place, library: CheckpointLibrary): Promise<Answer> {
  const items = itemsFor(role, draft, library);
  const answer = await askForPath(
    at,
    { placeholder: modelQuestions[role], items, active: draft.models[role] },
    needsModel(role) ? library : null,
  );
  return answer === undefined || answer === 'back' ? answer : place(draft, role, answer.path, library);
}

/** A step that asks for the model of a role. */
export function modelStep(role: 'finetuned' | 'base' | 'target', library: CheckpointLibrary, isNeeded: (draft: Draft) => boolean): Step {
  return { isNeeded, ask: (draft, at) => askForModel(role, draft, at, library) };
}
