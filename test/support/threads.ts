import type { Worker } from 'node:worker_threads';

/** Worker threads started while `work` ran, and how many of them are still alive when it has settled. */
export async function countThreads<Result>(
  work: () => Promise<Result>,
): Promise<{ result: PromiseSettledResult<Result>; started: number; alive: number }> {
  const workers: Worker[] = [];
  const note = (worker: Worker) => workers.push(worker);
  process.on('worker', note);
  const [result] = await Promise.allSettled([work()]);
  process.off('worker', note);
  // A thread that has ended has the id -1.
  return { result, started: workers.length, alive: workers.filter(({ threadId }) => threadId !== -1).length };
}
