import { type RequestedInput, type CandidateChoices } from '../transfer/combineRoom.js';
import type { ConnectivityRequest, LineGrid, LinePath, Scoring } from './connectivityRoom.js';

/** What is walked: the straight line between two models, a transfer's, or the plane through three models. */
export type CurveWay = LinePath['kind'] | 'plane';

/** The parts that models have in it. */
export type CurveRole = 'a' | 'b' | 'c' | 'finetuned' | 'base' | 'target';

/** A task file that models cannot be scored on. */
export interface BadTask {
  readonly path: string;
  readonly message: string;
}

/** Everything the user has decided so far. */
export interface CurveDraft {
  /** Null: not chosen yet. */
  readonly way: CurveWay | null;
  readonly models: Readonly<Record<CurveRole, string | null>>;
  /** Paths of task files. */
  readonly tasks: readonly string[];
  /** The task that no plan could be made with; null where none is known. */
  readonly badTask: BadTask | null;
  /** Score with the outside command of the settings too. */
  readonly outside: boolean;
  /** For a plane the points of each axis; null where it is not chosen yet. */
  readonly grid: LineGrid | null;
}

export const noCurveModels: CurveDraft['models'] = { a: null, b: null, c: null, finetuned: null, base: null, target: null };

/** Models of a transfer are what they are to it, others are named in order. */
export const rolesOf: Readonly<Record<CurveWay, readonly CurveRole[]>> = {
  interpolate: ['a', 'b'],
  transferred: ['finetuned', 'base', 'target'],
  sweep: ['finetuned', 'base', 'target'],
  plane: ['a', 'b', 'c'],
};

export function newCurve(way: CurveWay | null, models: Partial<CurveDraft['models']> = {}): CurveDraft {
  return { way, models: { ...noCurveModels, ...models }, tasks: [], badTask: null, outside: false, grid: null };
}

/** The task that an error names by its file; null when it is about something else. */
export function badTaskOf({ tasks }: CurveDraft, message: string): BadTask | null {
  const named = tasks.filter((path) => message.includes(path)).sort((a, b) => b.length - a.length);
  return named[0] === undefined ? null : { path: named[0], message };
}

/** Roles that still need a model. */
export function missingCurveRoles({ way, models }: CurveDraft): CurveRole[] {
  return way === null ? [] : rolesOf[way].filter((role) => models[role] === null);
}

/** How points of a new run are combined: every tensor takes part, rows are matched by token. */
export const wholeModels: CandidateChoices = {
  include: [],
  exclude: [],
  vocabulary: 'tokens',
  skipMismatched: false,
  prefixMap: null,
  settings: 'merged',
};

function pathOf(way: LinePath['kind']): LinePath {
  if (way === 'interpolate') return { kind: way, a: 'a', b: 'b' };
  return { kind: way, finetuned: 'finetuned', base: 'base', target: 'target' };
}

function inputsOf(way: CurveWay, models: CurveDraft['models']): RequestedInput[] {
  return rolesOf[way].map((role) => ({ role, path: models[role] ?? '', expect: 'checkpoint' }));
}

/** @throws Error when something is not decided yet */
export function requestOfCurve(draft: CurveDraft, scoring: Pick<Scoring, 'outside' | 'settings'>): ConnectivityRequest {
  const { way, models, tasks, grid } = draft;
  if (way === null || grid === null || missingCurveRoles(draft).length > 0) throw new Error('Models and points have to be chosen first.');
  const shared = { ...scoring, outside: draft.outside ? scoring.outside : undefined, tasks, choices: wholeModels };
  const inputs = inputsOf(way, models);
  if (way === 'plane') return { kind: 'plane', a: 'a', b: 'b', c: 'c', inputs, ...shared, ...grid };
  return { kind: 'line', path: pathOf(way), inputs, grid, geometry: true, previous: null, ...shared };
}

/** The request with mismatched tensors skipped or not. */
export function withSkipping<Request extends ConnectivityRequest>(request: Request, skipMismatched: boolean): Request {
  return { ...request, choices: { ...request.choices, skipMismatched } };
}
