import { compareCheckpoints, type DiffReport } from '../../compare/index.js';
import { chooseEngine, WorkerPool } from '../../compute/index.js';
import { planDifference, UnusableModelError } from './planDifference.js';
import { quoteName } from '../../base/formatError.js';
import { plural } from '../../base/format.js';
import { addressOfSum } from '../../checkpoint/index.js';
import { openModel } from '../../model/index.js';

/** What stood out in a checkpoint that can be used. */
export interface FineTuneCheck {
  /** ‖finetuned − base‖ over the values that both have. */
  readonly normDelta: number | null;
  readonly remarks: readonly string[];
}

/**
 * Makes sure that a checkpoint is a fine-tuned version of a base, or an adapter for it: it can be read, has the same architecture, tensors and
 * shapes (a vocabulary may have grown), and no NaN or infinity that the base has not. Reads both once.
 * @throws UnusableModelError, FormatError, FileAccessError
 */
export async function checkFineTune(finetuned: string, base: string, signal?: AbortSignal): Promise<FineTuneCheck> {
  const { adapter, path } = await openModel(finetuned, signal);
  await planDifference(finetuned, base, signal);
  const version = adapter === null ? finetuned : addressOfSum({ base, adapters: [{ address: path, scale: 1 }] });
  const report = await compare(base, version, signal);
  requireFinite(finetuned, report);
  const isSame = report.summary.changedCount === 0 || report.summary.comparedCount === null;
  const remarks = isSame ? [`${finetuned} holds the same values as ${base}: training has changed nothing.`] : [];
  return { normDelta: report.summary.normDelta, remarks };
}

async function compare(a: string, b: string, signal?: AbortSignal): Promise<DiffReport> {
  const [versionA, versionB] = await Promise.all([openModel(a, signal), openModel(b, signal)]);
  const engine = await chooseEngine('simd', 1);
  return WorkerPool.use({ engine: engine.name, workers: null }, signal, (pool) =>
    compareCheckpoints(versionA, versionB, { engine, pool, prefixMap: null }),
  );
}

function requireFinite(finetuned: string, { tensors }: DiffReport): void {
  const broken = tensors.find(({ nonFiniteA, nonFiniteB }) => (nonFiniteB ?? 0) > (nonFiniteA ?? 0));
  if (broken === undefined) return;
  const count = plural(broken.nonFiniteB!, 'weight');
  throw new UnusableModelError(
    `${finetuned}: tensor ${quoteName(broken.name)} has ${count} that are NaN or infinite, where the base has ${plural(broken.nonFiniteA ?? 0, 'such weight')}. Training diverged: lower its learning rate, or look at its data.`,
  );
}
