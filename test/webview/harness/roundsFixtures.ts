import type { LineageRounds, ModelRole, RoundRow, RoundScore, RoundsReport, Strategy } from '../../../src/recycle/report/index.js';

type Values = Partial<Record<ModelRole, number | null>>;

function scores(task: string, kind: RoundScore['kind'], standardError: number, values: Values): RoundScore[] {
  return Object.entries(values).map(([model, value]) => ({
    model: model as ModelRole,
    task,
    kind,
    value,
    standardError,
    bitsPerByte: null,
    basis: '0123456789abcdef',
  }));
}

function round(release: string, values: Values, accuracies: Values, norm: number, cosine: number | null): RoundRow {
  return {
    release,
    state: 'finetuned',
    delta: 'start' in values ? `base(${release}) + (…)` : null,
    models: Object.keys(values) as ModelRole[],
    scores: [...scores('text/french.txt', 'loss', 0.012, values), ...scores('questions.jsonl', 'choice', 0.03, accuracies)],
    diffVector: { norm, cosine },
  };
}

function lineage(strategy: Strategy, rounds: readonly RoundRow[], remarks: readonly string[] = []): LineageRounds {
  return { path: `/models/llama-${strategy}.lineage.json`, strategy, rounds, remarks };
}

function report(lineages: readonly LineageRounds[], remarks: readonly string[] = []): RoundsReport {
  return { format: 'model-rebase.rounds', version: 1, lineages, remarks };
}

export function iterativeRounds(): RoundRow[] {
  return [
    round('v1', { base: 7.361, finetuned: 3.129 }, { base: 0.25, finetuned: 0.5 }, 24.5, null),
    round('v2', { base: 7.233, start: 3.41, finetuned: 2.984 }, { base: 0.3, start: 0.5, finetuned: 0.6 }, 26.25, 0.93125),
    round('v3', { base: 6.9, start: 3.2, finetuned: 2.75 }, { base: 0.35, start: 0.55, finetuned: 0.7 }, 28, 0.875),
  ];
}

function plainRounds(): RoundRow[] {
  return [
    round('v1', { base: 7.361, finetuned: 3.129 }, {}, 24.5, null),
    round('v2', { base: 7.233, finetuned: 3.2 }, {}, 24, 0.5),
    round('v3', { base: 6.9, finetuned: 3.1 }, {}, 23, 0.4),
  ];
}

export function oneLineage(): RoundsReport {
  return report([lineage('iterative', iterativeRounds())]);
}

export function twoStrategies(): RoundsReport {
  return report([lineage('iterative', iterativeRounds()), lineage('plain', plainRounds(), ['v2: scores of its plain are left out.'])]);
}

export function unscoredRounds(): RoundsReport {
  return report([lineage('iterative', [{ ...round('v1', {}, {}, 24.5, null), state: 'new', diffVector: null }])]);
}

/** A model without finite scores, and names that would act if they were not text. */
export function hostileRounds(): RoundsReport {
  const name = '<img src=x onerror="globalThis.hacked=1">';
  const rows = [round(name, { base: 7.2, finetuned: null }, {}, 24.5, null), round('v2', { base: 7.1, finetuned: 3 }, {}, 25, 0.9)];
  return report([lineage('iterative', rows)], [name]);
}
