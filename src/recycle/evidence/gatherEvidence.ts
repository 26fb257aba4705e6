import type { RequestedInput } from '../../combine/index.js';
import {
  runConnectivity,
  type ConnectivityContext,
  type Evaluator,
  type LineRequest,
  type LineRun,
  type Scoring,
} from '../../connectivity/index.js';
import type { TaskScore } from '../../evaluate/index.js';
import type { RoundEvidence, TaskEvidence } from '../report/advice.js';
import { planStart, type RecycledRound } from '../rounds/prepareStart.js';
import type { LineageOnDisk } from '../rounds/refreshLineage.js';
import { scoringOf } from './scoring.js';

export interface EvidenceOptions {
  /** Also look for the λ with the lowest loss. */
  readonly sweep: boolean;
  /** Folder of results that need not be computed again; null: keep none. */
  readonly cacheFolder: string | null;
  readonly context: ConnectivityContext;
  /** What scores; the real one when left out. */
  readonly evaluator?: Evaluator | undefined;
}

/** Points between the bases; a finer line is what `curve` is for. */
const barrierGrid = { from: 0, to: 1, points: 5, refine: 0 };
const transferGrid = { from: 0, to: 1, points: 2, refine: 0 };
const sweepGrid = { from: 0, to: 1.5, points: 7, refine: 0 };

/**
 * Scores what a round would start from beside the models that it comes of, and the line between the two bases. Nothing is
 * written; weights are read twice. Without tasks, or when the start cannot be formed, nothing is scored.
 * @throws as `planStart` and `runConnectivity`
 */
export async function gatherEvidence(lineage: LineageOnDisk, recycled: RecycledRound, options: EvidenceOptions): Promise<RoundEvidence> {
  const { round } = recycled;
  const { refusals } = await planStart(lineage.file.path, recycled, { overwrite: true, signal: options.context.signal });
  const names = { release: round.release.name, source: round.start.source.name };
  const facts = { ...names, refusals: refusals.map(({ message }) => message), brokenTensors: [], tasks: [] };
  const isScored = refusals.length === 0 && lineage.file.lineage.tasks.length > 0;
  if (!isScored) return facts;
  const request = requestOf(lineage, recycled, options);
  const bases = await runLine({ ...request, path: { kind: 'interpolate', a: 'base', b: 'target' }, grid: barrierGrid }, options);
  const grid = options.sweep ? sweepGrid : transferGrid;
  const sweep = await runLine(
    { ...request, path: { kind: 'sweep', finetuned: 'finetuned', base: 'base', target: 'target' }, grid },
    options,
  );
  const start = sweep.points.find(({ at }) => at === 1)!;
  return { ...facts, brokenTensors: start.nonFinite.map(({ tensor }) => tensor), tasks: taskEvidence(bases, sweep, options.sweep) };
}

type CommonRequest = Scoring & Pick<LineRequest, 'kind' | 'inputs' | 'geometry' | 'previous'>;

function requestOf(lineage: LineageOnDisk, { sources }: RecycledRound, { cacheFolder }: EvidenceOptions): CommonRequest {
  const input = (role: 'target' | 'finetuned' | 'base'): RequestedInput => ({ role, path: sources[role].path, expect: 'checkpoint' });
  return {
    kind: 'line',
    inputs: [input('target'), input('finetuned'), input('base')],
    geometry: false,
    previous: null,
    ...scoringOf(lineage.file, cacheFolder),
  };
}

async function runLine(request: LineRequest, { context, evaluator }: EvidenceOptions): Promise<LineRun> {
  const run = await runConnectivity(request, context, evaluator);
  if (run.kind !== 'line') throw new Error('internal: a line was asked for');
  return run;
}

function taskEvidence(bases: LineRun, sweep: LineRun, isSweep: boolean): TaskEvidence[] {
  const at = (position: number): readonly TaskScore[] => sweep.points.find((point) => point.at === position)!.scores;
  const of = (role: string): readonly TaskScore[] => sweep.references.find((reference) => reference.role === role)!.scores;
  return sweep.tasks.map((task, i) => ({
    task,
    previousBase: of('base')[i]!,
    previousFineTune: of('finetuned')[i]!,
    base: at(0)[i]!,
    start: at(1)[i]!,
    barrier: bases.barriers[i] ?? null,
    optimum: isSweep ? (sweep.optima[i] ?? null) : null,
  }));
}
