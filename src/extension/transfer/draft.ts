import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  applyDelta,
  type Combination,
  combineRequest,
  type CombineRequest,
  diffVector,
  partialPath,
  type RequestedInput,
  transfer,
} from './combineRoom.js';

/** What the user is about to make. */
export type Goal = 'transfer' | 'diff-vector';

/** The parts a model can have in it. A saved diff vector stands for fine-tuned and base. */
export type ModelRole = 'finetuned' | 'base' | 'target' | 'delta';

/** Everything the user has decided so far. */
export interface Draft {
  readonly goal: Goal;
  /** Paths of the models; null where none is chosen yet. */
  readonly models: Readonly<Record<ModelRole, string | null>>;
  readonly scale: number;
  readonly vocabulary: CombineRequest['vocabulary'];
  readonly skipMismatched: boolean;
  /** Folder to be made. */
  readonly output: string | null;
}

/** The two versions of a diff panel, by the parts they have in a transfer. */
export interface DiffedPair {
  readonly base: string;
  readonly finetuned: string;
}

export const noModels: Draft['models'] = { finetuned: null, base: null, target: null, delta: null };

export function newDraft(goal: Goal, models: Partial<Draft['models']> = {}): Draft {
  return { goal, models: { ...noModels, ...models }, scale: 1, vocabulary: 'tokens', skipMismatched: false, output: null };
}

/** A model's name: its folder's, or its file's without extension. */
export function modelName(path: string): string {
  return basename(path, '.safetensors');
}

/** Roles that still need a model. */
export function missingRoles({ goal, models }: Draft): ModelRole[] {
  const pair: readonly ModelRole[] = models.delta === null ? ['finetuned', 'base'] : [];
  const roles: readonly ModelRole[] = goal === 'transfer' ? [...pair, 'target'] : pair;
  return roles.filter((role) => models[role] === null);
}

/** The formula over whatever each role is called. */
export function combinationOf({ goal, models, scale }: Draft, nameOf: (role: ModelRole) => string): Combination {
  if (goal === 'diff-vector') return diffVector(nameOf('finetuned'), nameOf('base'));
  if (models.delta !== null) return applyDelta(nameOf('target'), nameOf('delta'), scale);
  return transfer(nameOf('target'), nameOf('finetuned'), nameOf('base'), scale);
}

/** @throws Error when something is not decided yet */
export function requestOf(draft: Draft, workers: number | null): CombineRequest {
  const { models, output, vocabulary, skipMismatched } = draft;
  if (output === null || missingRoles(draft).length > 0) throw new Error('Models and output have to be chosen first.');
  const combination = combinationOf(draft, (role) => role);
  const taking: readonly ModelRole[] =
    models.delta !== null ? ['target', 'delta'] : draft.goal === 'transfer' ? ['target', 'finetuned', 'base'] : ['finetuned', 'base'];
  const inputs = taking.map((role): RequestedInput => ({
    role,
    path: models[role] ?? '',
    expect: role === 'delta' ? 'diff-vector' : 'checkpoint',
  }));
  return combineRequest({ combination, inputs, output, vocabulary, skipMismatched, workers, resume: isResumable(output) });
}

/** Whether an unfinished run of this output is there, to be continued. */
export function isResumable(output: string): boolean {
  return !existsSync(output) && existsSync(partialPath(output));
}

/** A folder beside the target (or the fine-tuned version) that does not exist: `base-2+finetuned-1`. */
export function proposeOutput({ goal, models }: Draft): string {
  const name = (role: ModelRole): string => modelName(models[role] ?? role);
  const source = models.delta === null ? 'finetuned' : 'delta';
  const beside = (goal === 'transfer' ? models.target : models.finetuned) ?? '';
  const proposed = join(
    dirname(beside),
    goal === 'transfer' ? `${name('target')}+${name(source)}` : `${name('finetuned')}-minus-${name('base')}`,
  );
  for (let number = 1; ; number++) {
    const path = number === 1 ? proposed : `${proposed}-${number}`;
    if (!existsSync(path)) return path;
  }
}
