import type {
  ConnectivityRun,
  LinePath,
  LinePoint,
  LineRun,
  LossScore,
  MatrixRun,
  PlaneRun,
  PointScores,
  ReportInput,
  ReportTask,
  TaskScore,
} from '../../../src/connectivity/report/index.js';

const byteShare = 3.25;
const windowCount = 64;

export function lossScore(loss: number, standardError = 0.021): LossScore {
  const tokenCount = windowCount * 255;
  const byteCount = tokenCount * byteShare;
  return {
    kind: 'loss',
    loss,
    standardError,
    perplexity: Math.exp(loss),
    bitsPerByte: loss / (byteShare * Math.LN2),
    tokenCount,
    byteCount,
    itemNats: [loss * 255],
    itemTokens: [255],
  };
}

function choiceScore(accuracy: number): TaskScore {
  const error = Math.sqrt((accuracy * (1 - accuracy)) / 200);
  return {
    kind: 'choice',
    accuracy,
    accuracyNormalised: accuracy + 0.02,
    standardError: error,
    standardErrorNormalised: error,
    itemCount: 200,
    itemCorrect: [],
    itemCorrectNormalised: [],
  };
}

const english: ReportTask = { name: 'english.txt', path: '/texts/english.txt', kind: 'loss', hash: 'e1' };
const questions: ReportTask = { name: 'questions.jsonl', path: '/texts/questions.jsonl', kind: 'choice', hash: 'q1' };

function input(role: string, name: string): ReportInput {
  return { role, name, path: `/models/${name}`, identity: name };
}

type Facts = Omit<LineRun, 'kind' | 'path' | 'points' | 'references' | 'barriers' | 'optima' | 'geometry' | 'capability'>;

function facts(title: string, inputs: readonly ReportInput[], part: Partial<Facts> = {}): Facts {
  return {
    format: 'model-rebase.connectivity',
    version: 1,
    toolVersion: '0.1.0',
    createdAt: '2026-05-01T10:00:00.000Z',
    title,
    inputs,
    tasks: [english, questions],
    settings: { window: 256, stride: null, limit: null, precision: 'stored', bos: 'auto' },
    choices: { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' },
    findings: [],
    seconds: 12.4,
    complete: true,
    ...part,
  };
}

function linePoint(at: number, loss: number, part: Partial<PointScores> = {}): LinePoint {
  return { at, formula: `a + ${at}·(b − a)`, scores: [lossScore(loss), choiceScore(0.7 - (loss - 3) / 4)], nonFinite: [], ...part };
}

const interpolate: LinePath = { kind: 'interpolate', a: 'a', b: 'b' };
const grid = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Number((from + ((to - from) * index) / (count - 1)).toFixed(6)));

/** Two models with a hill between them: the rise above the chord is 0.42 at α = 0.5. */
export function barrierRun(): LineRun {
  const loss = (at: number): number => 3.2 - 0.1 * at + 0.42 * Math.sin(Math.PI * at) ** 2;
  return {
    ...facts('base-1 ↔ base-2', [input('a', 'base-1'), input('b', 'base-2')], {
      findings: [
        { severity: 'warning', code: 'vocabulary', message: 'The vocabularies differ in 4 tokens, which keep the first model’s rows.' },
      ],
    }),
    kind: 'line',
    path: interpolate,
    points: grid(0, 1, 11).map((at) => linePoint(at, loss(at))),
    references: [],
    barriers: [
      {
        verdict: 'barrier',
        height: 0.42,
        standardError: 0.012,
        alpha: 0.5,
        tolerance: 0.01,
        windowsNeeded: null,
        sentence:
          'Barrier on english.txt: the loss rises above the chord by 0.420 ± 0.012 nats per token at α = 0.5, over 64 windows; a rise of up to 0.0100 nats per token would count as none.',
      },
      {
        verdict: 'undecided',
        height: 0.03,
        standardError: 0.02,
        alpha: 0.4,
        tolerance: 0.01,
        windowsNeeded: 800,
        sentence: 'Not decided on questions.jsonl: the largest rise of the error rate above the chord is 0.030 ± 0.020 at α = 0.4.',
      },
    ],
    optima: [null, null],
    geometry: { targetMinusBase: 12.34, diffVector: null, cosine: null },
    capability: [
      {
        task: 0,
        sourceLoss: 3.2,
        finetunedLoss: null,
        targetLoss: 3.1,
        sentence: 'On english.txt base-2 is ahead of base-1 by 0.100 ± 0.030 nats per token.',
      },
    ],
  };
}

/** A flat way between two models. */
export function connectedRun(): LineRun {
  const run = barrierRun();
  return {
    ...run,
    title: 'base-1 ↔ base-1b',
    createdAt: '2026-05-01T11:00:00.000Z',
    findings: [],
    tasks: [english],
    points: grid(0, 1, 6).map((at) => ({
      ...linePoint(at, 3.2 + 0.05 * at - 0.04 * Math.sin(Math.PI * at)),
      scores: [lossScore(3.2 + 0.05 * at - 0.04 * Math.sin(Math.PI * at), 0.015)],
    })),
    barriers: [
      {
        verdict: 'connected',
        height: -0.012,
        standardError: 0.003,
        alpha: 0.2,
        tolerance: 0.01,
        windowsNeeded: null,
        sentence: 'No barrier measured on english.txt. By itself this does not say that a transfer works.',
      },
    ],
    optima: [null],
    capability: [],
  };
}

/** A run whose points between 0.4 and 0.6 hold weights that are not finite, and that was cancelled. */
export function brokenRun(): LineRun {
  const run = barrierRun();
  const nonFinite = [
    { tensor: 'model.layers.3.mlp.up_proj.weight', count: 17 },
    { tensor: 'model.norm.weight', count: 1 },
  ];
  return {
    ...run,
    complete: false,
    points: run.points.map((point) => {
      if (point.at === 0.5) return { ...point, nonFinite, scores: [lossScore(NaN, NaN), choiceScore(0)] };
      return point.at === 0.6 ? { ...point, nonFinite: nonFinite.slice(1), scores: [lossScore(Infinity, NaN), choiceScore(0)] } : point;
    }),
    barriers: [
      {
        ...run.barriers[0]!,
        verdict: 'undefined',
        height: NaN,
        standardError: NaN,
        sentence: 'No verdict on english.txt: at α = 0.5 the loss is not a finite number.',
      },
      null,
    ],
  };
}

/** The first `count` points of the barrier's run, as they arrive while it is scored. */
export function partialRun(count: number): LineRun {
  const run = barrierRun();
  return { ...run, complete: false, points: run.points.slice(0, count), barriers: [null, null], capability: [], geometry: null };
}

/** A λ sweep with its best point at 0.75. */
export function sweepRun(): LineRun {
  const loss = (at: number): number => 3.3 + 4 * (at - 0.8) ** 2;
  const role = { target: 'target', finetuned: 'finetuned', base: 'base' };
  return {
    ...facts('base-2 + λ·(finetuned-1 − base-1)', [input('target', 'base-2'), input('finetuned', 'finetuned-1'), input('base', 'base-1')], {
      tasks: [{ ...english, name: 'french.txt', hash: 'f1' }],
    }),
    kind: 'line',
    path: { kind: 'sweep', ...role },
    points: grid(-0.25, 1.5, 15).map((at) => ({
      at,
      formula: `target + ${at}·(finetuned − base)`,
      scores: [lossScore(loss(at), 0.04)],
      nonFinite: [],
    })),
    references: [
      { role: 'finetuned', formula: 'finetuned', scores: [lossScore(3.025)], nonFinite: [] },
      { role: 'base', formula: 'base', scores: [lossScore(7.387)], nonFinite: [] },
    ],
    barriers: [null],
    optima: [
      {
        at: 0.75,
        loss: 3.31,
        gainOverOne: 0.15,
        gainOverOneError: 0.01,
        gainOverTarget: 2.55,
        gainOverTargetError: 0.05,
        sentence: 'On french.txt the loss is lowest at λ = 0.75: 0.150 ± 0.010 nats per token below λ = 1.',
      },
    ],
    geometry: { targetMinusBase: 12.34, diffVector: 8.9, cosine: 0.031 },
    capability: [
      {
        task: 0,
        sourceLoss: 7.387,
        finetunedLoss: 3.025,
        targetLoss: 7.257,
        sentence: 'On french.txt the fine-tune is ahead of the target by 4.232 nats per token, so that there is something to transfer.',
      },
    ],
  };
}

const versions = ['M1', 'M2', 'M3', 'M4'] as const;
const baseLosses = [3.6, 3.5, 3.2, 3.0];

/** Four versions in two groups of two that help each other; the last has no fine-tune. */
export function matrixRun(): MatrixRun {
  const point = (formula: string, loss: number): PointScores => ({ formula, scores: [lossScore(loss)], nonFinite: [] });
  const group = (version: number): number => Math.floor(version / 2);
  const crossings = [0, 1, 2].flatMap((source) => [0, 1, 2, 3].filter((target) => target !== source).map((target) => ({ source, target })));
  return {
    ...facts(
      'Transfer matrix of M1, M2, M3, M4',
      versions.flatMap((name) => [input(`${name} base`, name), input(`${name} fine-tuned`, `${name}-ft`)]).slice(0, 7),
      { tasks: [english] },
    ),
    kind: 'matrix',
    versions: versions.map((name, index) => ({ name, base: `${name} base`, finetuned: index < 3 ? `${name} fine-tuned` : null })),
    bases: versions.map((name, index) => point(name, baseLosses[index]!)),
    finetunes: versions.map((name, index) => (index < 3 ? point(`${name} fine-tuned`, baseLosses[index]! - 0.8) : null)),
    cells: crossings.map(({ source, target }) => {
      const gain = group(source) === group(target) ? 0.55 : -0.3;
      const broken = source === 0 && target === 3;
      return {
        ...point(
          `${versions[target]!} base + 1.0·(${versions[source]!} fine-tuned − ${versions[source]!} base)`,
          broken ? NaN : baseLosses[target]! - gain,
        ),
        nonFinite: broken ? [{ tensor: 'model.norm.weight', count: 4 }] : [],
        source,
        target,
        recovered: [target === 3 ? null : gain / 0.8],
        recoveredError: [target === 3 ? null : 0.03],
      };
    }),
  };
}

/** A plane with a valley along the line from the first model to the second. */
export function planeRun(size = 13): PlaneRun {
  const axis = grid(-0.25, 1.25, size);
  return {
    ...facts('Plane through base-1, base-2 and finetuned-1', [input('a', 'base-1'), input('b', 'base-2'), input('c', 'finetuned-1')], {
      tasks: [english],
    }),
    kind: 'plane',
    a: 'a',
    b: 'b',
    c: 'c',
    points: axis.flatMap((y) =>
      axis.map((x) => ({
        x,
        y,
        formula: `a + ${x}·(b − a) + ${y}·(c − a)`,
        scores: [lossScore(x === 0.5 && y === 1 ? NaN : 3.1 + 0.4 * (x - 0.4) ** 2 + 1.4 * y ** 2 - 0.3 * x * y)],
        nonFinite: x === 0.5 && y === 1 ? [{ tensor: 'lm_head.weight', count: 2 }] : [],
      })),
    ),
  };
}

const attack = '<script>globalThis.hacked = true</script><img src=x onerror="globalThis.hacked=true">';

/** Names, formulas and sentences that would run as markup if any of them were treated so. */
export function hostileRun(): ConnectivityRun {
  const run = brokenRun();
  return {
    ...run,
    title: attack,
    inputs: [input(attack, attack)],
    tasks: [{ ...english, name: attack, path: attack }, questions],
    points: run.points.map((point) => ({
      ...point,
      formula: attack,
      nonFinite: point.nonFinite.map(({ count }) => ({ tensor: attack, count })),
    })),
    barriers: [{ ...run.barriers[0]!, sentence: attack }, null],
    findings: [{ severity: 'error', code: 'x', message: attack, tensor: attack }],
  };
}
