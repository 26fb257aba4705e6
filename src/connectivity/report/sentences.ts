import { formatNumber } from '../../base/format.js';
import { describeBrokenPoints, type NamedPoint } from './broken.js';
import { formatPosition, formatRecovered } from './format.js';
import type { ConnectivityRun, Geometry, LineRun, MatrixRun, PlaneRun } from './run.js';

/** What a run says in sentences, one a line: verdicts or optima, then geometry, then what the models can do by themselves. */
export function conclusionsOf(run: ConnectivityRun): string[] {
  switch (run.kind) {
    case 'line':
      return lineConclusions(run);
    case 'matrix':
      return [...describeBrokenPoints(matrixPoints(run)), ...run.tasks.flatMap((_, task) => bestSources(run, task))];
    case 'plane':
      return describeBrokenPoints(planePoints(run));
    default:
      return run satisfies never;
  }
}

function lineConclusions(run: LineRun): string[] {
  const { geometry, capability } = run;
  return [
    ...run.tasks.map((_, task) => verdictOf(run, task)).filter((sentence) => sentence !== null),
    ...(geometry === null ? [] : [describeGeometry(geometry)]),
    ...capability.map(({ sentence }) => sentence),
  ];
}

/** What a line says of a task: its barrier, or a sweep's best λ; null while points are still to come that it depends on. */
export function verdictOf({ path, tasks, barriers, optima, complete }: LineRun, task: number): string | null {
  const found = barriers[task] ?? optima[task] ?? null;
  if (found !== null || !complete) return found?.sentence ?? null;
  const missing =
    path.kind === 'sweep' ? 'λ = 0 and λ = 1 are not both scored' : 'α = 0, α = 1 and a point between them are not all scored';
  return `No verdict on ${tasks[task]!.name}: ${missing}.`;
}

/** `‖mₜ − mₛ‖ = 1.23, ‖Δₛ‖ = 4.56, cos(Δₛ, mₜ − mₛ) = 0.1, row by row as stored.` */
export function describeGeometry({ targetMinusBase, diffVector, cosine }: Geometry): string {
  const parts: [string, number | null][] = [
    ['‖mₜ − mₛ‖', targetMinusBase],
    ['‖Δₛ‖', diffVector],
    ['cos(Δₛ, mₜ − mₛ)', cosine],
  ];
  const known = parts.flatMap(([name, value]) => (value === null ? [] : [`${name} = ${formatNumber(value)}`]));
  return known.length === 0 ? 'No distance: the versions share no tensor of numbers.' : `${known.join(', ')}, row by row as stored.`;
}

function matrixPoints({ versions, bases, finetunes, cells }: MatrixRun): NamedPoint[] {
  return [
    ...bases.map((point, i) => ({ place: `the base of ${versions[i]!.name}`, point })),
    ...cells.map((point) => ({ place: `${versions[point.target]!.name} + Δ ${versions[point.source]!.name}`, point })),
    ...finetunes.flatMap((point, i) => (point === null ? [] : [{ place: `the fine-tune of ${versions[i]!.name}`, point }])),
  ];
}

function planePoints({ points }: PlaneRun): NamedPoint[] {
  return points.map((point) => ({ place: `x = ${formatPosition(point.x)}, y = ${formatPosition(point.y)}`, point }));
}

/** Which diff vector recovers most of each target's own fine-tuning gain (Lin et al. 2025, § 2). */
function bestSources({ versions, cells, tasks }: MatrixRun, task: number): string[] {
  return versions.flatMap(({ name }, target) => {
    const known = cells.filter((cell) => cell.target === target && Number.isFinite(cell.recovered[task] ?? NaN));
    if (known.length === 0) return [];
    const best = known.reduce((most, cell) => (cell.recovered[task]! > most.recovered[task]! ? cell : most));
    const share = formatRecovered(best.recovered[task]!);
    if (best.recovered[task]! <= 0)
      return [`On ${tasks[task]!.name}, no diff vector brings ${name} any of its own fine-tuning gain: the best of them ${share}.`];
    return [
      `On ${tasks[task]!.name}, ${name} recovers most with the diff vector of ${versions[best.source]!.name}: ${share} of its own fine-tuning gain.`,
    ];
  });
}
