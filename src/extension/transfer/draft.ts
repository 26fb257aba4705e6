import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { isInCache, pathOfAddress } from '../../checkpoint/index.js';
import { folderNameOf } from '../modelName.js';
import {
  applyDelta,
  type CandidateChoices,
  type Combination,
  candidateChoices,
  combineRequest,
  type CombineRequest,
  diffVector,
  partialPath,
  type RequestedInput,
  transfer,
} from './combineRoom.js';

/** What the user is about to make. */
export type Goal = 'transfer' | 'diff-vector' | 'point';

/** A point of a connectivity run as it was scored: which models, and how they are combined, is decided. */
export interface GivenPoint {
  /** Name of the folder that is proposed. */
  readonly name: string;
  readonly combination: Combination;
  /** One for each name in the combination. */
  readonly inputs: readonly RequestedInput[];
  readonly choices: CandidateChoices;
}

/** The parts a model can have in it. A saved diff vector stands for fine-tuned and base. */
export type ModelRole = 'finetuned' | 'base' | 'target' | 'delta';

/** Which tensors take part, how they are found, how much of each, and how they are stored. */
export type TensorChoices = Pick<CombineRequest, 'scales' | 'include' | 'exclude' | 'dtype' | 'nameMap' | 'trustNames'>;

const noChoices: TensorChoices = { scales: [], include: [], exclude: [], dtype: null };

/** Everything the user has decided so far. */
export interface Draft {
  readonly goal: Goal;
  /** Paths of the models; null where none is chosen yet. */
  readonly models: Readonly<Record<ModelRole, string | null>>;
  readonly scale: number;
  readonly vocabulary: CombineRequest['vocabulary'];
  readonly skipMismatched: boolean;
  readonly settings: CombineRequest['settings'];
  /** Not of a point, which is written as it was scored. */
  readonly choices: TensorChoices;
  /** Folder to be made. */
  readonly output: string | null;
  /** Takes the place of models and scale; null for other goals. */
  readonly point: GivenPoint | null;
}

/** The two versions of a diff panel, by the parts they have in a transfer. */
export interface DiffedPair {
  readonly base: string;
  readonly finetuned: string;
}

/** The three versions of a transfer whose scale is swept. */
export interface SweptModels extends DiffedPair {
  readonly target: string;
}

export const noModels: Draft['models'] = { finetuned: null, base: null, target: null, delta: null };

export function newDraft(goal: Goal, models: Partial<Draft['models']> = {}): Draft {
  return {
    goal,
    models: { ...noModels, ...models },
    scale: 1,
    vocabulary: 'tokens',
    skipMismatched: false,
    settings: 'merged',
    choices: noChoices,
    output: null,
    point: null,
  };
}

export function draftOfPoint(point: GivenPoint): Draft {
  const { vocabulary, skipMismatched, settings } = point.choices;
  return { ...newDraft('point'), vocabulary, skipMismatched, settings, point };
}

/** The draft with more tensors left out. */
export function withoutTensors(draft: Draft, patterns: readonly string[]): Draft {
  const exclude = [...new Set([...draft.choices.exclude, ...patterns])];
  return { ...draft, choices: { ...draft.choices, exclude } };
}

/** Roles that still need a model. */
export function missingRoles({ goal, models, point }: Draft): ModelRole[] {
  if (point !== null) return [];
  const pair: readonly ModelRole[] = models.delta === null ? ['finetuned', 'base'] : [];
  const roles: readonly ModelRole[] = goal === 'transfer' ? [...pair, 'target'] : pair;
  return roles.filter((role) => models[role] === null);
}

/** The formula over whatever each role is called; that of a point in its own names. */
export function combinationOf({ goal, models, scale, point }: Draft, nameOf: (role: ModelRole) => string): Combination {
  if (point !== null) return point.combination;
  if (goal === 'diff-vector') return diffVector(nameOf('finetuned'), nameOf('base'));
  if (models.delta !== null) return applyDelta(nameOf('target'), nameOf('delta'), scale);
  return transfer(nameOf('target'), nameOf('finetuned'), nameOf('base'), scale);
}

/** @throws Error when something is not decided yet */
export function requestOf(draft: Draft, workers: number | null): CombineRequest {
  const { output, vocabulary, skipMismatched, settings, point } = draft;
  if (output === null || missingRoles(draft).length > 0) throw new Error('Models and output have to be chosen first.');
  const combination = combinationOf(draft, (role) => role);
  const inputs = point?.inputs ?? inputsOf(draft);
  return combineRequest({
    ...(point === null ? draft.choices : candidateChoices(point.choices)),
    combination,
    inputs,
    output,
    vocabulary,
    skipMismatched,
    settings,
    workers,
    resume: isResumable(output),
  });
}

function inputsOf({ goal, models }: Draft): RequestedInput[] {
  const taking: readonly ModelRole[] =
    models.delta !== null ? ['target', 'delta'] : goal === 'transfer' ? ['target', 'finetuned', 'base'] : ['finetuned', 'base'];
  return taking.map((role) => ({ role, path: models[role] ?? '', expect: role === 'delta' ? 'diff-vector' : 'checkpoint' }));
}

/** Whether an unfinished run of this output is there, to be continued. */
export function isResumable(output: string): boolean {
  return !existsSync(output) && existsSync(partialPath(output));
}

/** Where an output beside a model goes; a cache is the Hub's, not the user's. */
function parentFor(address: string): string {
  return isInCache(address) ? homedir() : dirname(pathOfAddress(address));
}

function proposedFolder({ goal, models, point }: Draft): string {
  if (point !== null) return join(parentFor(point.inputs[0]?.path ?? ''), point.name);
  const name = (role: ModelRole): string => folderNameOf(models[role] ?? role);
  const source = models.delta === null ? 'finetuned' : 'delta';
  const beside = (goal === 'transfer' ? models.target : models.finetuned) ?? '';
  return join(parentFor(beside), goal === 'transfer' ? `${name('target')}+${name(source)}` : `${name('finetuned')}-minus-${name('base')}`);
}

/** A folder beside the target (or the fine-tuned version) that does not exist: `base-2+finetuned-1`. */
export function proposeOutput(draft: Draft): string {
  const proposed = proposedFolder(draft);
  for (let number = 1; ; number++) {
    const path = number === 1 ? proposed : `${proposed}-${number}`;
    if (!existsSync(path)) return path;
  }
}
