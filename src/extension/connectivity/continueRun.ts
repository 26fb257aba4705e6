import { candidateChoices } from '../transfer/combineRoom.js';
import {
  type ConnectivityRequest,
  type ConnectivityRun,
  type LineGrid,
  type LineRun,
  type Scoring,
  scoringSettings,
} from './connectivityRoom.js';
import { missingCommand } from './startedRun.js';
import { maxOf, minOf } from '../../base/extremes.js';

/** Points that refining may add at once. */
const refinedPoints = 8;

/** What a run gets on top of what it has. */
export interface Extension {
  /** Up to so many points more where they tell most. */
  readonly refine?: number;
  /** Further task files. */
  readonly tasks?: readonly string[];
}

export const refinement: Extension = { refine: refinedPoints };

/** No new points but those that refining adds: the ends are there already. */
function gridOf({ points }: LineRun, refine: number): LineGrid {
  const places = points.map(({ at }) => at);
  const [from, to] = [Math.min(0, minOf(places)), Math.max(1, maxOf(places))];
  return places.length < 2
    ? { from: 0, to: 1, points: 11, refine }
    : { from: places[0] ?? from, to: places.at(-1) ?? to, points: 2, refine };
}

/**
 * The request that goes on with a run: its models, tasks and settings of scoring, its scores kept. All else is this
 * machine's, whatever the run's file says: cache, processors, memory, command.
 * @throws Error when the run needs an outside command that is not there
 */
export function requestToContinue(
  run: ConnectivityRun,
  { settings, outside }: Pick<Scoring, 'settings' | 'outside'>,
  { refine = 0, tasks = [] }: Extension = {},
): ConnectivityRequest {
  const files = run.tasks.filter(({ kind }) => kind !== 'outside').map(({ path }) => path);
  const usesOutside = files.length < run.tasks.length;
  if (usesOutside && outside === undefined) throw new Error(missingCommand(run.title));
  const shared = {
    inputs: run.inputs.map(({ role, path }) => ({ role, path, expect: 'checkpoint' as const })),
    tasks: [...new Set([...files, ...tasks])],
    outside: usesOutside ? outside : undefined,
    choices: candidateChoices(run.choices),
    settings: { ...settings, ...scoringSettings(run) },
  };
  switch (run.kind) {
    case 'line':
      return { kind: 'line', path: run.path, grid: gridOf(run, refine), geometry: true, previous: run, ...shared };
    case 'matrix':
      return { kind: 'matrix', versions: run.versions, previous: run, ...shared };
    case 'plane': {
      const xs = run.points.map(({ x }) => x);
      const axis = { points: Math.max(2, new Set(xs).size), from: Math.min(0, minOf(xs)), to: Math.max(1, maxOf(xs)) };
      return { kind: 'plane', a: run.a, b: run.b, c: run.c, ...axis, ...shared };
    }
    default:
      return run satisfies never;
  }
}

/** Those of the task files that a run is not scored on yet. */
export function newTasks({ tasks }: ConnectivityRun, paths: readonly string[]): string[] {
  return paths.filter((path) => tasks.every((task) => task.path !== path));
}

/** That task files are in a run already, and where they are found there. */
export function alreadyScored({ tasks }: ConnectivityRun, paths: readonly string[]): string {
  const names = tasks.filter(({ path }) => paths.includes(path)).map(({ name }) => name);
  const [is, it] = names.length === 1 ? ['is', 'it'] : ['are', 'each'];
  return `${names.join(' and ')} ${is} among the tasks of this run already: choose ${it} in the panel’s list of tasks.`;
}
