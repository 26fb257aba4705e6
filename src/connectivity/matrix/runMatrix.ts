import { transfer } from '../../combine/index.js';
import type { SampleEstimate } from '../../evaluate/report/index.js';
import type { ConnectivityContext, Evaluator } from '../context.js';
import { single } from '../line/linePath.js';
import type { ConnectivityPlan } from '../plan.js';
import { titleOf, type MatrixCell, type MatrixRun, type MatrixVersion, type PointScores } from '../report/index.js';
import type { MatrixRequest } from '../request.js';
import type { ScoreBook, Place } from '../scoring/scoreBook.js';
import { ScoringSession, type KnownScores } from '../scoring/session.js';
import { isMeasurable } from '../line/measurable.js';
import { gain, gainRatio } from '../scoring/estimate.js';

/** `baseₜ + Δₛ` with s ≠ t; indices of versions. */
interface Crossing {
  readonly source: number;
  readonly target: number;
}

/** What scoring a matrix will cost. @throws as `ScoringSession.open`; Error for fewer than two versions */
export async function planMatrix(request: MatrixRequest, evaluator: Evaluator, signal?: AbortSignal): Promise<ConnectivityPlan> {
  const places = placesOf(request.versions);
  const session = await ScoringSession.open(request, places, knownScores(request.previous), evaluator, signal);
  return {
    request,
    title: titleOf(request, session.whole.inputs),
    evaluations: await session.plan(places, signal),
    keptCount: places.filter(({ label }) => session.book.at(label) !== null).length,
    mostRefined: 0,
    geometryByteLength: 0,
  };
}

/** Scores every base, every fine-tune and every transfer between versions in one go. @throws as `ScoringSession` */
export async function runMatrix(request: MatrixRequest, evaluator: Evaluator, context: ConnectivityContext): Promise<MatrixRun> {
  const { versions, previous } = request;
  const session = await ScoringSession.open(request, placesOf(versions), knownScores(previous), evaluator, context.signal);
  await session.score(placesOf(versions), 'scoring', context);
  return { ...session.facts(request, true), kind: 'matrix', versions, ...matrixParts(versions, session.book) };
}

function matrixParts(versions: readonly MatrixVersion[], book: ScoreBook): Pick<MatrixRun, 'bases' | 'finetunes' | 'cells'> {
  const bases = versions.map(({ base }) => book.at(base)!);
  const finetunes = versions.map(({ finetuned }) => (finetuned === null ? null : book.at(finetuned)!));
  const cells = crossingsOf(versions).map(({ source, target }): MatrixCell => {
    const scores = book.at(crossingLabel(versions, { source, target }))!;
    const shares = recoveredOf(bases[target]!, finetunes[target]!, scores);
    const recovered = shares.map((share) => share && share.value);
    const recoveredError = shares.map((share) => (share === null || Number.isNaN(share.standardError) ? null : share.standardError));
    return { ...scores, source, target, recovered, recoveredError };
  });
  return { bases, finetunes, cells };
}

function placesOf(versions: readonly MatrixVersion[]): Place[] {
  const roles = versions.flatMap(({ base, finetuned }) => (finetuned === null ? [base] : [base, finetuned]));
  return [
    ...[...new Set(roles)].map((role) => ({ label: role, combination: single(role) })),
    ...crossingsOf(versions).map((crossing) => ({
      label: crossingLabel(versions, crossing),
      combination: transfer(versions[crossing.target]!.base, versions[crossing.source]!.finetuned!, versions[crossing.source]!.base),
    })),
  ];
}

function crossingsOf(versions: readonly MatrixVersion[]): Crossing[] {
  return versions.flatMap((_, target) =>
    versions.flatMap(({ finetuned }, source) => (finetuned === null || source === target ? [] : [{ source, target }])),
  );
}

function crossingLabel(versions: readonly MatrixVersion[], { source, target }: Crossing): string {
  return `${versions[target]!.name} + Δ ${versions[source]!.name}`;
}

function knownScores(run: MatrixRun | null): KnownScores | null {
  if (run === null) return null;
  const { versions, bases, finetunes, cells } = run;
  const whole = versions.flatMap(({ base, finetuned }, i): [string, PointScores][] => [
    [base, bases[i]!],
    ...(finetuned === null || finetunes[i] == null ? [] : [[finetuned, finetunes[i]] as [string, PointScores]]),
  ]);
  return { run, places: [...whole, ...cells.map((cell): [string, PointScores] => [crossingLabel(versions, cell), cell])] };
}

/**
 * Per task, the fraction of a target's own fine-tuning gain that a transfer recovers, (merge − base) / (fine-tuned − base)
 * in loss or accuracy (Lin et al. 2025, Table 3). Below 0 where the transfer harms, above 1 where it beats the fine-tune.
 * @returns null where there is no fine-tune, or its gain does not stand out from noise: a fraction of nothing says nothing
 */
function recoveredOf(base: PointScores, finetuned: PointScores | null, merge: PointScores): (SampleEstimate | null)[] {
  return base.scores.map((score, task) => {
    if (finetuned === null) return null;
    const whole = gain(score, finetuned.scores[task]!);
    const isGain = score.kind === 'outside' ? whole.value > 0 : isMeasurable(whole);
    return isGain ? gainRatio(score, merge.scores[task]!, finetuned.scores[task]!) : null;
  });
}
