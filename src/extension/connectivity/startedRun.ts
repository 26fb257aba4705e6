import type { ConnectivityRequest, Scoring } from './connectivityRoom.js';

/** What a panel was asked to score: enough to go on where nothing is scored yet. */
export interface StartedRun {
  readonly title: string;
  readonly request: ConnectivityRequest;
}

const kinds: readonly ConnectivityRequest['kind'][] = ['line', 'matrix', 'plane'];

/** As JSON, without the run that is extended: that is kept by itself. */
export function startedToJson({ title, request }: StartedRun): string {
  return JSON.stringify({ title, request: request.kind === 'plane' ? request : { ...request, previous: null } });
}

/** What `startedToJson` wrote. @throws Error when it is something else */
export function startedFromJson(text: string): StartedRun {
  const { title, request } = JSON.parse(text) as Partial<StartedRun>;
  if (typeof title !== 'string' || request === undefined || !kinds.includes(request.kind)) throw new Error('This is no started run.');
  return { title, request };
}

/**
 * The request as it is asked for again. An outside command is that of the settings now: it may have been repaired, or the
 * workspace may be trusted no longer.
 * @throws Error when the request needs an outside command that is not there
 */
export function askedAgain(request: ConnectivityRequest, title: string, { outside }: Pick<Scoring, 'outside'>): ConnectivityRequest {
  if (request.outside === undefined) return request;
  if (outside === undefined) throw new Error(missingCommand(title));
  return { ...request, outside };
}

/** What to do when a run needs an outside command that the settings do not give. */
export function missingCommand(title: string): string {
  return `"${title}" was also scored with an outside command. Give it in the setting modelRebase.scoring.outsideCommand, in a trusted workspace.`;
}
