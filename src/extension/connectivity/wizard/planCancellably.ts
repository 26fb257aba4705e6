import { ProgressLocation, window } from 'vscode';
import type { Engine } from '../../kit/engineService.js';
import type { ConnectivityPlan, ConnectivityRequest } from '../connectivityRoom.js';

/** A plan that is ready sooner needs no notification. */
const delayMilliseconds = 600;

/**
 * Plans a run, with a notification that cancels it where it takes long.
 * @returns undefined as soon as the user cancels, even where the engine is still busy with it
 * @throws as `planConnectivity`
 */
export async function planCancellably(engine: Engine, request: ConnectivityRequest): Promise<ConnectivityPlan | undefined> {
  const job = new AbortController();
  const cancelled = new Promise<undefined>((resolve) => job.signal.addEventListener('abort', () => resolve(undefined)));
  const planned = Promise.race([cancelled, engine.request('connectivity/plan', request, { signal: job.signal })]);
  const timer = setTimeout(() => showUntilEnd(planned, job), delayMilliseconds);
  try {
    return await planned;
  } finally {
    clearTimeout(timer);
  }
}

function showUntilEnd(planned: Promise<unknown>, job: AbortController): void {
  const options = { location: ProgressLocation.Notification, title: 'Planning: reading headers and texts', cancellable: true };
  void window.withProgress(options, (_, token) => {
    token.onCancellationRequested(() => job.abort());
    return planned.then(
      () => undefined,
      () => undefined,
    );
  });
}
