import { dataByteLength } from '../../checkpoint/index.js';
import { compileSelection, type RequestedInput } from '../../combine/index.js';
import { compareCheckpoints, type DiffReport } from '../../compare/index.js';
import { chooseEngine, isStorageDtype, WorkerPool } from '../../compute/index.js';
import type { ConnectivityContext } from '../context.js';
import type { Geometry, LinePath } from '../report/index.js';
import type { LineRequest } from '../request.js';
import { openModel, type Model } from '../../model/index.js';

/** Roles of the two versions that a distance lies between. */
type Pair = readonly [a: string, b: string];

/**
 * Norms come with a relative error of about 1e-7 of their squares. When one is so many times the other, a cosine from the
 * law of cosines would be off by 1e-3 and more.
 */
const mostRatio = 1e4;

/** ‖mₜ − mₛ‖ first, then, for a transfer, ‖Δₛ‖ and the third side of the triangle, ‖mₜ − m′ₛ‖. */
function sidesOf(path: LinePath): Pair[] {
  if (path.kind === 'interpolate') return [[path.a, path.b]];
  const { base, finetuned, target } = path;
  return [
    [base, target],
    [base, finetuned],
    [target, finetuned],
  ];
}

/** Bytes that `measureGeometry` reads, as far as headers tell: nothing is taken off for files that two versions share. */
export async function geometryByteLength(path: LinePath, inputs: readonly RequestedInput[], signal?: AbortSignal): Promise<number> {
  const versions = await Promise.all(sidesOf(path).map((pair) => openPair(pair, inputs, signal)));
  return versions.flat().reduce((sum, version) => sum + dataByteLength(version), 0);
}

/**
 * Distances between the versions of a path, over the chosen tensors, as they are stored: rows that both of a pair have are
 * compared by their index, whatever tokens they stand for. Reads every version once (an interpolation) or twice (a transfer).
 * @throws FormatError, FileAccessError; AbortError when cancelled
 */
export async function measureGeometry(
  { path, inputs, choices }: Pick<LineRequest, 'path' | 'inputs' | 'choices'>,
  { signal, onProgress }: Pick<ConnectivityContext, 'signal' | 'onProgress'>,
): Promise<Geometry> {
  const engine = await chooseEngine('simd', 1);
  const totalBytes = await geometryByteLength(path, inputs, signal);
  const exclusion = compileSelection(choices);
  const report = (doneBytes: number, stage: string): void => onProgress?.({ phase: 'measuring distances', doneBytes, totalBytes, stage });
  return WorkerPool.use({ engine: engine.name, workers: null }, signal, async (pool) => {
    const distances: (number | null)[] = [];
    let before = 0;
    for (const pair of sidesOf(path)) {
      const [a, b] = await openPair(pair, inputs, signal);
      const onRead = (done: number, _: number, tensor: string): void => report(before + done, tensor);
      const { tensors } = await compareCheckpoints(a, b, { engine, pool, prefixMap: null, onProgress: onRead });
      distances.push(floatDistance(tensors.filter(({ name }) => exclusion(name) === null)));
      before += dataByteLength(a) + dataByteLength(b);
    }
    return geometryFrom(distances);
  });
}

/** ‖Δ‖ over tensors of floating-point numbers; null when nothing could be compared. Integer tensors are no weights. */
function floatDistance(tensors: DiffReport['tensors']): number | null {
  const norms = tensors.flatMap(({ dtypeA, normDelta }) =>
    normDelta !== null && dtypeA !== null && isStorageDtype(dtypeA) ? [normDelta] : [],
  );
  return norms.length === 0 ? null : Math.sqrt(norms.reduce((sum, norm) => sum + norm ** 2, 0));
}

/** @param sides as `sidesOf` orders them */
export function geometryFrom([targetMinusBase = null, diffVector = null, targetMinusFinetuned = null]: readonly (
  number | null
)[]): Geometry {
  return { targetMinusBase, diffVector, cosine: cosineFrom(targetMinusBase, diffVector, targetMinusFinetuned) };
}

/** cos(Δₛ, mₜ − mₛ) by the law of cosines; null where a side is 0 or missing, or too long for the other to be felt. */
function cosineFrom(targetMinusBase: number | null, diffVector: number | null, targetMinusFinetuned: number | null): number | null {
  if (targetMinusBase === null || diffVector === null || targetMinusFinetuned === null) return null;
  const [shorter, longer] = [Math.min(targetMinusBase, diffVector), Math.max(targetMinusBase, diffVector)];
  if (!(shorter > 0) || longer / shorter > mostRatio) return null;
  const cosine = (targetMinusBase ** 2 + diffVector ** 2 - targetMinusFinetuned ** 2) / (2 * targetMinusBase * diffVector);
  return Math.max(-1, Math.min(1, cosine));
}

async function openPair([a, b]: Pair, inputs: readonly RequestedInput[], signal?: AbortSignal): Promise<[Model, Model]> {
  const pathOf = (role: string): string => {
    const input = inputs.find((candidate) => candidate.role === role);
    if (input === undefined) throw new Error(`The path names "${role}", but no model was given for it.`);
    return input.path;
  };
  return Promise.all([openModel(pathOf(a), signal), openModel(pathOf(b), signal)]);
}
