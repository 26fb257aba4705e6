import { isDeepStrictEqual } from 'node:util';
import type { EvaluationPlan, ScoringSettings } from '../../evaluate/index.js';
import type { ConnectivityRun } from '../report/index.js';
import type { ConnectivityRequest } from '../request.js';

/** The settings that scores depend on, and no others: a run's file may have more, which are not its to decide. */
export function scoringSettings({
  settings: { window, stride, limit, precision, bos },
}: {
  readonly settings: ScoringSettings;
}): ScoringSettings {
  return { window, stride, limit, precision, bos };
}

/**
 * Scores of different models or settings do not go into one run.
 * @throws Error naming what differs and what to do
 */
export function requireContinuable(
  previous: ConnectivityRun,
  request: ConnectivityRequest,
  { inputs, tasks, formerIdentities }: EvaluationPlan,
): void {
  const differences = [
    ...(isDeepStrictEqual(placesOf(previous), placesOf(request)) ? [] : ['it has other models or another path']),
    ...(areSameInputs(previous.inputs, inputs, formerIdentities) ? [] : ['a model has changed since, or is another one']),
    ...settingsDifferences(previous, scoringSettings(request)),
    ...(isDeepStrictEqual(previous.choices, request.choices) ? [] : ['the choice of tensors or the treatment of vocabularies differs']),
    ...lostCommands(previous, tasks),
  ];
  if (differences.length === 0) return;
  throw new Error(
    `The run "${previous.title}" cannot be continued: ${differences.join('; ')}. Start a new run, or give what it was made with.`,
  );
}

function areSameInputs(
  previous: ConnectivityRun['inputs'],
  now: EvaluationPlan['inputs'],
  formerIdentities: EvaluationPlan['formerIdentities'],
): boolean {
  const isSame = ({ role, identity }: ConnectivityRun['inputs'][number]): boolean =>
    now.some((input) => input.role === role && (input.identity === identity || formerIdentities[role] === identity));
  return previous.length === now.length && previous.every(isSame);
}

/** An outside command's scores depend on none of these. */
function settingsDifferences({ settings, tasks }: ConnectivityRun, now: ScoringSettings): string[] {
  if (tasks.every(({ kind }) => kind === 'outside')) return [];
  const names = Object.keys(now) as (keyof ScoringSettings)[];
  return names
    .filter((name) => settings[name] !== now[name])
    .map((name) => `its ${name} is ${settings[name] ?? 'the default'}, not ${now[name] ?? 'the default'}`);
}

/** A command is only known by its line: what it scored stays in the run as long as it can score new points too. */
function lostCommands({ tasks }: ConnectivityRun, now: EvaluationPlan['tasks']): string[] {
  const lost = tasks.filter(({ kind, hash }) => kind === 'outside' && !now.some((task) => task.hash === hash));
  return lost.map(({ path }) => `what the command ${path} scored would be lost`);
}

/** What has to be the same of a request for the places of a run to be its own. */
function placesOf(of: ConnectivityRun | ConnectivityRequest): unknown {
  switch (of.kind) {
    case 'line':
      return of.path;
    case 'matrix':
      return of.versions;
    case 'plane':
      return [of.a, of.b, of.c];
    default:
      return of satisfies never;
  }
}
