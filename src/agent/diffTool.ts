import { byRelativeChange } from '../compare/report/markdown.js';
import type { CompanionDifference, CompanionDifferences, DiffReport, GroupDiff, ReportSide, TensorDiff } from '../compare/report/index.js';
import { describeCoverage, describeStatuses, verdictOf } from '../compare/report/structure.js';
import { checkRules, parseRule, type RuleResult } from '../compare/rules/index.js';
import { compilePattern } from '../model/names/index.js';
import { addressHelp, patternHelp } from './addresses.js';
import { defineTool } from './agentTool.js';

export const diffTool = defineTool({
  name: 'diff_models',
  title: 'Diff Models',
  description:
    'Compares two versions of a model tensor by tensor and says which layers changed, how much and where: totals first, then layers and tensors, most changed first. Δ = B − A, relative change is ‖Δ‖/‖A‖. Reads every value of both models once (about 1 GB/s). Also says which settings and tokenizer files differ, and checks rules.',
  parameters: {
    a: { kind: 'text', help: `The old version: address of ${addressHelp}` },
    b: { kind: 'text', help: 'The new version, likewise.' },
    pattern: { kind: 'text', isOptional: true, help: `Only list tensors whose names fit: ${patternHelp}` },
    offset: { kind: 'whole', min: 0, max: 10_000_000, otherwise: 0, help: 'How many tensors to leave out from the beginning.' },
    limit: { kind: 'whole', min: 0, max: 200, otherwise: 20, help: 'How many tensors, and how many layers, to list.' },
    rules: { kind: 'texts', isOptional: true, help: 'What the diff may not come to: "relativeChange > 0.1", "PATTERN: cosine < 0.99".' },
  },
  async run({ a, b, pattern, offset, limit, rules }, context) {
    const fits = pattern === null ? () => true : compilePattern(pattern);
    const parsed = rules.map(parseRule);
    const options = { engine: 'auto', workers: null, prefixMap: null } as const;
    const report = await context.request('diff/run', { a: context.resolve(a), b: context.resolve(b), options });
    const changed = byRelativeChange(report.tensors.filter(({ name, status }) => status !== 'identical' && fits(name)));
    return {
      ...summaryOf(report),
      layers: mostChanged(report.layers, limit).map((layer) => ({
        layer: layer.label,
        ...numbersOf(layer),
        tensors: describeStatuses(layer),
      })),
      tensors: { notIdentical: changed.length, offset, shown: changed.slice(offset, offset + limit).map(tensorRow) },
      ...(parsed.length === 0 ? {} : { rules: checkRules(parsed, report).map(ruleRow) }),
    };
  },
});

function summaryOf(report: DiffReport): object {
  const { summary } = report;
  return {
    a: sideOf(report.a),
    b: sideOf(report.b),
    verdict: verdictOf(report),
    coverage: describeCoverage(summary) ?? 'all parameters were compared',
    tensorStatuses: describeStatuses(summary),
    total: numbersOf(summary),
    otherDifferences: otherDifferences(report.companions),
    findings: [...report.a.findings, ...report.b.findings, ...report.findings].map(({ severity, message }) => `${severity}: ${message}`),
  };
}

function otherDifferences(companions: CompanionDifferences | null): string[] {
  const kinds = Object.entries<readonly CompanionDifference[]>({ ...companions });
  return kinds.flatMap(([kind, found]) => found.map(({ name, a, b }) => `${kind}: ${name}: ${a ?? 'absent'} → ${b ?? 'absent'}`));
}

function sideOf({ path, architecture, parameterCount, dtypes, scheme }: ReportSide): object {
  return { path, architecture, parameters: parameterCount, storedAs: scheme ?? dtypes.map(([dtype]) => dtype).join(', ') };
}

/** Layers without numbers (added, removed) changed most of all. */
function mostChanged(layers: DiffReport['layers'], limit: number): DiffReport['layers'] {
  const weight = (layer: GroupDiff): number => layer.relativeChange ?? Infinity;
  return [...layers].sort((x, y) => (weight(x) === weight(y) ? 0 : weight(y) - weight(x))).slice(0, limit);
}

function numbersOf({
  relativeChange,
  cosine,
  maxAbsDelta,
  changedCount,
  comparedCount,
  nonFiniteA,
  nonFiniteB,
}: GroupDiff | TensorDiff): object {
  const changedShare = changedCount === null || !comparedCount ? null : changedCount / comparedCount;
  const nonFinite = (nonFiniteA ?? 0) + (nonFiniteB ?? 0) > 0 ? { nonFiniteA, nonFiniteB } : {};
  return { relativeChange, cosine, maxAbsDelta, changedShare, ...nonFinite };
}

function tensorRow(tensor: TensorDiff): object {
  const { name, status, shapeA, shapeB } = tensor;
  return { name, status, shape: (shapeB ?? shapeA)?.join('×') ?? null, ...numbersOf(tensor) };
}

function ruleRow({ rule, outcome, value, brokenBy, undecidedBy }: RuleResult): object {
  return {
    rule,
    outcome,
    value,
    brokenBy: brokenBy.map(({ name }) => name),
    undecidedBy: undecidedBy.map(({ name, reason }) => (name === null ? reason : `${name}: ${reason}`)),
  };
}
