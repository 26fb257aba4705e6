import type { TaskScore } from '../report/index.js';
import type { PreparedTask } from '../tasks/task.js';
import type { WorkUnit } from '../prepare/workUnits.js';

/** Log-probabilities of every candidate and unit of a group, as they become known. */
export class UnitResults {
  readonly #values: (readonly Float64Array[] | null)[][];

  constructor(
    candidateCount: number,
    private readonly units: readonly WorkUnit[],
  ) {
    this.#values = Array.from({ length: candidateCount }, () => units.map(() => null));
  }

  isMissing(candidate: number, unit: number): boolean {
    return this.#values[candidate]![unit] === null;
  }

  set(candidate: number, unit: number, values: readonly Float64Array[]): void {
    this.#values[candidate]![unit] = values;
  }

  /** What a candidate scores on a task, once all its units are known. */
  score(candidate: number, tasks: readonly PreparedTask[], task: number): TaskScore {
    const values = this.units.flatMap((unit, index) => (unit.task === task ? (this.#values[candidate]![index] ?? missing(index)) : []));
    return tasks[task]!.score(values);
  }
}

function missing(unit: number): never {
  throw new Error(`internal: unit ${unit} was scored before it was computed`);
}
