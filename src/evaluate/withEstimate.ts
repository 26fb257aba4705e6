import { workerCount } from '../compute/index.js';
import { ModelThread } from './forward/index.js';
import { matrixProductGraph } from './graph/index.js';
import type { EvaluationPlan } from './plan.js';

/** Size of the product that is measured: about a hundredth of a second. */
const measured = { count: 512, size: 1024 };

/** A second and thread, from docs/benchmarks.md: only the time of matrix products is measured. */
const formedBytesPerSecond = 2e9;
const activationBytesPerSecond = 4e9;

/** The plan with the time that it will probably take here, from a measurement of half a second. */
export async function withEstimate(plan: EvaluationPlan, signal?: AbortSignal): Promise<EvaluationPlan> {
  if (plan.operations === 0 || plan.refusals.length > 0) return plan;
  const { provider, threads: wished } = plan.request.settings;
  const threads = workerCount(wished);
  const speed = await ModelThread.use({ provider, threads }, signal, (model) =>
    model.run({ kind: 'measure', graph: matrixProductGraph(measured.size), ...measured }),
  );
  const products = plan.operations / speed![0]![0]!;
  const rest = plan.formedByteLength / formedBytesPerSecond + plan.activationByteLength / activationBytesPerSecond;
  return { ...plan, estimatedSeconds: products + rest / threads };
}
