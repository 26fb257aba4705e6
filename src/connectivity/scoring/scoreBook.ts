import type { Combination } from '../../combine/index.js';
import type { EvaluateReport, NonFiniteTensor, ReportTask, TaskScore } from '../../evaluate/report/index.js';
import type { PointScores } from '../report/index.js';

/** A model to score, under the label by which its scores are found again. */
export interface Place {
  readonly label: string;
  readonly combination: Combination;
}

/** Places that lack scores on the same tasks: one evaluation. */
export interface MissingScores {
  readonly places: readonly Place[];
  readonly tasks: readonly ReportTask[];
}

interface Page {
  readonly formula: string;
  readonly nonFinite: readonly NonFiniteTensor[];
  /** By hash of the task. */
  readonly scores: Map<string, TaskScore>;
}

/** The scores of a run as they come in, by place and task: what is known, and what is still to be scored. */
export class ScoreBook {
  readonly #pages = new Map<string, Page>();

  constructor(readonly tasks: readonly ReportTask[]) {}

  /** Scores of a place on these tasks, in their order. Of tasks that the book does not have, nothing is kept. */
  add(label: string, { formula, nonFinite, scores }: PointScores, tasks: readonly ReportTask[]): void {
    const page = this.#pages.get(label) ?? { formula, nonFinite, scores: new Map<string, TaskScore>() };
    for (const [i, { hash }] of tasks.entries()) page.scores.set(hash, scores[i]!);
    this.#pages.set(label, page);
  }

  addReport({ candidates, tasks }: EvaluateReport): void {
    for (const candidate of candidates) this.add(candidate.label, candidate, tasks);
  }

  /** Null unless the place is scored on every task. */
  at(label: string): PointScores | null {
    const page = this.#pages.get(label);
    if (page === undefined || this.#lacks(label).length > 0) return null;
    return { formula: page.formula, scores: this.tasks.map(({ hash }) => page.scores.get(hash)!), nonFinite: page.nonFinite };
  }

  /** What is still to be scored, grouped so that each group is one evaluation. */
  missing(places: readonly Place[]): MissingScores[] {
    const groups = new Map<string, { places: Place[]; tasks: readonly ReportTask[] }>();
    for (const place of places) {
      const tasks = this.#lacks(place.label);
      if (tasks.length === 0) continue;
      const key = tasks.map(({ hash }) => hash).join(' ');
      const group = groups.get(key) ?? { places: [], tasks };
      group.places.push(place);
      groups.set(key, group);
    }
    return [...groups.values()];
  }

  #lacks(label: string): ReportTask[] {
    const known = this.#pages.get(label)?.scores;
    return this.tasks.filter(({ hash }) => known?.has(hash) !== true);
  }
}
