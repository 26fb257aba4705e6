import type { Finding } from '../../checkpoint/index.js';
import { toolVersion } from '../../base/toolVersion.js';
import { RefusedError, type EvaluateRequest, type EvaluationPlan } from '../../evaluate/index.js';
import type { ConnectivityContext, ConnectivityProgress, Evaluator } from '../context.js';
import { titleOf, type ConnectivityRun, type LineRun, type PointScores, type TitledRun } from '../report/index.js';
import type { ConnectivityRequest } from '../request.js';
import { requireContinuable, scoringSettings } from './continueRun.js';
import { ScoreBook, type MissingScores, type Place } from './scoreBook.js';

/** Scores of a previous run under the labels of its places. */
export interface KnownScores {
  readonly run: ConnectivityRun;
  readonly places: readonly (readonly [label: string, point: PointScores])[];
}

/** What every kind of run says of itself. */
export type RunFacts = Omit<LineRun, 'kind' | 'path' | 'points' | 'references' | 'barriers' | 'optima' | 'geometry' | 'capability'>;

/** One run at work: plans evaluations, scores what is missing, and remembers what came of it. */
export class ScoringSession {
  readonly #started = performance.now();
  readonly #findings = new Map<string, Finding>();

  private constructor(
    private readonly request: ConnectivityRequest,
    private readonly evaluator: Evaluator,
    /** Of all first places on all tasks, whatever is known of them. */
    readonly whole: EvaluationPlan,
    readonly book: ScoreBook,
    /** Of the run that is continued. */
    private readonly secondsBefore: number,
  ) {
    this.#note(whole.findings);
  }

  /**
   * Plans the first places of a run and takes over what the previous one knows of them.
   * @throws Error when the previous run does not fit; whatever planning throws
   */
  static async open(
    request: ConnectivityRequest,
    places: readonly Place[],
    known: KnownScores | null,
    evaluator: Evaluator,
    signal?: AbortSignal,
  ): Promise<ScoringSession> {
    const whole = await evaluator.plan(evaluateRequest(request, places), signal);
    if (known !== null) requireContinuable(known.run, request, whole);
    const book = new ScoreBook(whole.tasks.map(({ name, path, kind, hash }) => ({ name, path, kind, hash })));
    for (const [label, point] of known?.places ?? []) book.add(label, point, known?.run.tasks ?? []);
    return new ScoringSession(request, evaluator, whole, book, known?.run.seconds ?? 0);
  }

  /** False where the models cannot be combined. */
  get isRunnable(): boolean {
    return this.whole.refusals.length === 0;
  }

  /** Plans of what is still to be scored at these places; the whole one where it cannot run, which says why. */
  async plan(places: readonly Place[], signal?: AbortSignal): Promise<EvaluationPlan[]> {
    if (!this.isRunnable) return [this.whole];
    const missing = this.book.missing(places);
    if (missing.length === 1 && this.#isWhole(missing[0]!)) return [this.whole];
    const plans: EvaluationPlan[] = [];
    for (const group of missing) plans.push(await this.evaluator.plan(this.#requestFor(group), signal));
    return plans;
  }

  /**
   * Scores what these places lack. `onKnown` is called as places are known that take long, before all are.
   * @throws RefusedError when it cannot be scored
   */
  async score(
    places: readonly Place[],
    phase: ConnectivityProgress['phase'],
    { signal, onProgress, onOutput }: ConnectivityContext,
    onKnown: () => void = () => undefined,
  ): Promise<void> {
    if (!this.isRunnable) throw new RefusedError(this.whole.refusals);
    for (const group of this.book.missing(places)) {
      const report = await this.evaluator.evaluate(this.#requestFor(group), {
        signal,
        onOutput,
        onProgress: (progress) => onProgress?.({ ...progress, phase }),
        onCandidate: (candidate, tasks) => {
          this.book.add(candidate.label, candidate, tasks);
          onKnown();
        },
      });
      this.book.addReport(report);
      this.#note(report.findings);
    }
  }

  facts(titled: TitledRun, complete: boolean): RunFacts {
    return {
      format: 'model-rebase.connectivity',
      version: 1,
      toolVersion,
      createdAt: new Date().toISOString(),
      title: titleOf(titled, this.whole.inputs),
      inputs: this.whole.inputs,
      tasks: this.book.tasks,
      settings: scoringSettings(this.request),
      choices: this.request.choices,
      findings: [...this.#findings.values()],
      seconds: this.secondsBefore + (performance.now() - this.#started) / 1000,
      complete,
    };
  }

  #isWhole({ places, tasks }: MissingScores): boolean {
    return places.length === this.whole.candidateCount && tasks.length === this.book.tasks.length;
  }

  #requestFor({ places, tasks }: MissingScores): EvaluateRequest {
    const files = tasks.filter(({ kind }) => kind !== 'outside').map(({ path }) => path);
    return { ...evaluateRequest(this.request, places), tasks: files, ...(files.length < tasks.length ? {} : { outside: undefined }) };
  }

  #note(findings: readonly Finding[]): void {
    for (const finding of findings) this.#findings.set(finding.message, finding);
  }
}

function evaluateRequest(
  { inputs, tasks, outside, choices, settings }: ConnectivityRequest,
  candidates: readonly Place[],
): EvaluateRequest {
  return { inputs, candidates, tasks, outside, choices, settings };
}
