import type { Tensor } from '../../checkpoint/index.js';
import type { Engine } from '../kit/engineService.js';
import type { Distance } from './guessRoles.js';
import type { Model } from '../../model/index.js';

/** A tensor is read as a whole, six times: larger ones would be noticed. */
const mostBytes = 64e6;

function isComparable(name: string, shape: readonly number[], others: readonly Model[]): boolean {
  return others.every(({ tensors }) => tensors.some((tensor) => tensor.name === name && tensor.shape.join() === shape.join()));
}

/** A matrix from the middle of the models that all of them have. */
function chooseProbe([first, ...others]: readonly Model[]): Tensor | undefined {
  const matrices =
    first?.tensors.filter(({ dtype, shape, byteLength }) => shape.length === 2 && byteLength <= mostBytes && /^(?:BF|F)\d/.test(dtype)) ??
    [];
  const nearMiddle = (a: Tensor, b: Tensor): number =>
    Math.abs(matrices.indexOf(a) - matrices.length / 2) - Math.abs(matrices.indexOf(b) - matrices.length / 2);
  return matrices.toSorted(nearMiddle).find(({ name, shape }) => isComparable(name, shape, others));
}

/** ‖Δ‖ of one matrix between each two of three models; unknown when they have none in common. */
export async function probeDistances(engine: Engine, models: readonly Model[]): Promise<Distance> {
  const probe = models.length === 3 ? chooseProbe(models) : undefined;
  if (probe === undefined) return () => null;
  const [x, y, z] = models.map(({ path }) => path) as [string, string, string];
  const between = async (a: string, b: string): Promise<number> => {
    const detail = await engine.request('diff/tensor', { a, b, nameA: probe.name, nameB: probe.name });
    return detail.statistics.normDelta;
  };
  const [xy, xz, yz] = await Promise.all([between(x, y), between(x, z), between(y, z)]);
  const known = [
    [0, xy, xz],
    [xy, 0, yz],
    [xz, yz, 0],
  ];
  return (a, b) => known[a]?.[b] ?? null;
}
