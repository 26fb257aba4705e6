/** Runs a request as a process of its own, which kills itself after the given step has come so many times. */
import { planCombine, type CombineRequest } from '../../../../../src/combine/index.js';
import { runCombine, type RunStep } from '../../../../../src/combine/run/index.js';

export interface ChildOrder {
  readonly request: CombineRequest;
  readonly sync: boolean;
  readonly overwrite: boolean;
  /** Null: nobody kills it, or the parent does. */
  readonly die: { readonly after: RunStep; readonly times: number } | null;
}

async function main(): Promise<void> {
  const { request, die, sync, overwrite } = JSON.parse(process.argv[2]!) as ChildOrder;
  let left = die?.times ?? 0;
  const onStep = (step: RunStep): void => {
    if (step === die?.after && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
  const plan = await planCombine(request);
  process.stdout.write('planned\n');
  await runCombine(plan, { workers: 2, sync, overwrite, onStep });
}

void main();
