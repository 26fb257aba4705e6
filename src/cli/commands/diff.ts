import { resolve } from 'node:path';
import {
  byRelativeChange,
  describeCoverage,
  describeIdentity,
  describeStatuses,
  matchReasons,
  statusText,
  verdictOf,
  type CompanionDifferences,
  type DiffReport,
  type GroupDiff,
  type PrefixRule,
  type TensorDiff,
} from '../../compare/report/index.js';
import { checkRules, type Rule } from '../../compare/rules/index.js';
import type { ExitCode, Io } from '../io.js';
import type { DiffOptions } from '../../engine/protocol.js';
import { describeParts, diffParts, exitCodeOfParts, fileOfPart, gravest, matchParts, partsToJson, type PartPair } from '../diffParts.js';
import { exitCodeOfRules, failIfNotes, failIfOption, readRules, reportWithRules, rulesText } from '../failIf.js';
import { mostWorkers, type ParsedOptions } from '../options.js';
import type { Command, CommandSpec } from '../command.js';
import { addressHelp } from '../addressHelp.js';
import { nameRuleOption, parseNameRule, parsePrefixRule } from '../prefixRule.js';
import { reportText, withReportPlaces } from '../reportFile.js';
import { textTable, type Column } from '../textTable.js';
import { visibleText } from '../../base/visibleText.js';
import { formatBytes, formatCosine, formatCount, formatNumber, formatSeconds, formatShare, plural } from '../../base/format.js';
import { runJob } from '../runJob.js';

const spec: CommandSpec = {
  name: 'diff',
  positionals: ['A', 'B'],
  summary: 'Compare two checkpoints tensor by tensor: which layers changed, how much, where.',
  notes: `A and B are ${addressHelp} Δ = B − A; relative change is ‖Δ‖/‖A‖. Two pipelines are compared part by part; --out then writes a file for each.\n\n${failIfNotes}`,
  options: {
    json: { type: 'boolean', help: 'Print the whole report as JSON.' },
    out: {
      type: 'string',
      value: 'FILE',
      help: 'Also write the report: *.csv, *.md, *.svg (the heat map of layers), or JSON under any other name (*.modeldiff.json opens in VS Code).',
    },
    overwrite: { type: 'boolean', help: 'Let --out replace an existing file.' },
    top: { type: 'string', value: 'N', help: 'Tensors to list, most changed first (default 20).' },
    'prefix-map': {
      type: 'string',
      value: 'FROM=TO',
      multiple: true,
      help: 'Names of B that start with FROM start with TO in A; either may be empty. Repeatable; replaces the proposed map.',
    },
    map: nameRuleOption('B', 'A'),
    engine: { type: 'string', value: 'auto|simd|gpu', help: 'Kernels to use (default auto: decided by a short measurement).' },
    workers: { type: 'string', value: 'N', help: 'Worker threads (default: one per processor, at most eight).' },
    'exit-code': {
      type: 'boolean',
      help: 'Exit with 0 when all is identical (of two adapters: when they change the same, up to rounding), with 1 when anything differs, settings and tokenizer files included; with 3 when nothing that was compared differs, but not everything was compared.',
    },
    'fail-if': failIfOption,
  },
};

const exitCodes = { identical: 0, equal: 0, different: 1, undecided: 3 } as const;

export const diffCommand: Command = {
  spec,
  async run(options, io) {
    const [a, b] = options.positionals as [string, string];
    const choices = readChoices(options);
    const pairs = await matchParts(a, b, io);
    if (pairs === null) return diffModels(a, b, choices, io);
    return diffPipelines(pairs, choices, io);
  },
};

interface Choices {
  readonly diff: DiffOptions;
  readonly top: number;
  readonly json: boolean;
  /** Where the report goes; null for nowhere. */
  readonly out: string | null;
  readonly overwrite: boolean;
  readonly exitCode: boolean;
  readonly rules: readonly Rule[];
}

function readChoices(options: ParsedOptions): Choices {
  const prefixes = options.values('prefix-map').map(parsePrefixRule);
  const out = options.value('out');
  return {
    diff: {
      engine: options.choice('engine', ['auto', 'simd', 'gpu']),
      workers: options.wholeNumber('workers', 1, mostWorkers),
      prefixMap: prefixes.length > 0 ? prefixes : null,
      nameMap: options.values('map').map(parseNameRule),
    },
    top: options.wholeNumber('top', 0) ?? 20,
    json: options.flag('json'),
    out: out === null ? null : resolve(out),
    overwrite: options.flag('overwrite'),
    exitCode: options.flag('exit-code'),
    rules: readRules(options.values('fail-if')),
  };
}

async function diffModels(a: string, b: string, choices: Choices, io: Io): Promise<ExitCode> {
  const { out, overwrite, top, json } = choices;
  return withReportPlaces(out === null ? [] : [out], overwrite, async (save) => {
    const report = await runJob('diff/run', { a, b, options: choices.diff }, io);
    const results = checkRules(choices.rules, report);
    io.stdout(json ? `${reportWithRules(report, results)}\n` : `${describeReport(report, top, io)}${rulesText(results)}`);
    if (out !== null) await save(out, await reportText(report, results, out));
    return gravest([exitCodeOf(report, choices), exitCodeOfRules(choices.rules, [report])]);
  });
}

/** Each part is a diff of its own, and a table at the end says what came of them. */
async function diffPipelines(pairs: readonly PartPair[], choices: Choices, io: Io): Promise<ExitCode> {
  const { out, overwrite, top, json } = choices;
  const placeOf = (part: string): string | null => (out === null ? null : fileOfPart(out, part));
  const places = pairs.flatMap(({ name }) => placeOf(name) ?? []);
  return withReportPlaces(places, overwrite, async (save) => {
    const compare = async (a: string, b: string, name: string): Promise<DiffReport> => {
      const report = await runJob('diff/run', { a, b, options: choices.diff }, io);
      const rules = checkRules(choices.rules, report);
      if (!json) io.stdout(`${describeReport(report, top, io)}${rulesText(rules)}\n`);
      const place = placeOf(name);
      if (place !== null) await save(place, await reportText(report, rules, place));
      return report;
    };
    const results = await diffParts(pairs, compare, io.signal);
    const toJson = (report: DiffReport): string => reportWithRules(report, checkRules(choices.rules, report));
    io.stdout(json ? `${partsToJson(results, toJson)}\n` : describeParts(results, io));
    const reports = results.flatMap((result) => (result.kind === 'compared' ? [result.report] : result.kind === 'absent' ? [] : [null]));
    return gravest([exitCodeOfParts(results, (report) => exitCodeOf(report, choices)), exitCodeOfRules(choices.rules, reports)]);
  });
}

/** @param report null for a part of a pipeline that only one side has */
function exitCodeOf(report: DiffReport | null, { exitCode }: Choices): ExitCode {
  if (!exitCode) return 0;
  return report === null ? 1 : exitCodes[verdictOf(report)];
}

function describeReport(report: DiffReport, top: number, io: Io): string {
  const changed = byRelativeChange(report.tensors).filter(({ status }) => status !== 'identical');
  return [
    `${visibleText(report.a.name)} → ${visibleText(report.b.name)}\n`,
    ...describePrefixMap(report.prefixMap),
    ...describeMatches(report.tensors),
    ...(changed.length > 0 && top > 0 ? ['\n', textTable(tensorColumns, changed.slice(0, top).map(tensorRow), io.columns)] : []),
    ...(changed.length > top ? [`… and ${formatCount(changed.length - top)} more (--top N, --json)\n`] : []),
    '\n',
    ...describeVerdict(report),
    `${describeStatuses(report.summary)}\n`,
    ...describeTotals(report.summary),
    ...describeCompanions(report.companions),
    `${formatBytes(report.a.byteLength + report.b.byteLength)} in ${formatSeconds(report.seconds)} · ${report.engine.detail}\n`,
    ...[...report.a.findings, ...report.b.findings, ...report.findings].map(
      ({ severity, message }) => `${severity}: ${visibleText(message)}\n`,
    ),
  ].join('');
}

/** What is to be known before any number: how much was compared, and that nothing differs. */
function describeVerdict(report: DiffReport): string[] {
  const coverage = describeCoverage(report.summary);
  const verdict = verdictOf(report);
  return [
    ...(coverage === null ? [] : [`${coverage}\n`]),
    ...(verdict === 'identical' ? [`identical: ${describeIdentity(matchReasons(report.tensors))}\n`] : []),
    ...(verdict === 'equal' ? ['equal up to rounding: both adapters change the same, by other factors\n'] : []),
    ...(verdict === 'undecided' ? ['undecided: nothing that was compared differs, but not everything could be compared\n'] : []),
  ];
}

const companionTitles = {
  settings: 'setting',
  adapter: 'adapter setting',
  making: 'made with',
  metadata: 'metadata',
  files: 'file',
} as const;
/** Of each kind; the rest is a number. */
const maxCompanions = 12;

function describeCompanions(companions: CompanionDifferences | null): string[] {
  if (companions === null) return [];
  return (Object.keys(companionTitles) as (keyof CompanionDifferences)[]).flatMap((kind) => {
    const rest = companions[kind].length - maxCompanions;
    const lines = companions[kind]
      .slice(0, maxCompanions)
      .map(
        ({ name, a, b }) =>
          `${companionTitles[kind]} ${visibleText(name)}: ${visibleText(a ?? 'absent')} → ${visibleText(b ?? 'absent')}\n`,
      );
    return rest > 0 ? [...lines, `… and ${formatCount(rest)} more of this kind (--json)\n`] : lines;
  });
}

function describePrefixMap(rules: readonly PrefixRule[]): string[] {
  return rules.map(({ from, to }) => {
    if (from === '') return `names in B are taken with ${visibleText(to)} before them in A\n`;
    return `names in B: ${visibleText(from)}… is ${to === '' ? 'taken without that prefix' : `${visibleText(to)}…`} in A\n`;
  });
}

/** Reasons that are named; the rest is a number. */
const maxReasons = 8;

/** Why tensors were matched that do not have the same name as they are. */
function describeMatches(tensors: readonly TensorDiff[]): string[] {
  const reasons = matchReasons(tensors).filter(({ reason }) => reason !== 'equal name');
  const lines = reasons.slice(0, maxReasons).map(({ reason, count }) => `matched ${plural(count, 'tensor')}: ${visibleText(reason)}\n`);
  return reasons.length > maxReasons ? [...lines, `… and by ${reasons.length - maxReasons} more reasons (--json)\n`] : lines;
}

const tensorColumns: readonly Column[] = [
  { title: 'tensor', align: 'left', flexible: true },
  { title: 'status', align: 'left' },
  { title: 'rel. change', align: 'right' },
  { title: 'cosine', align: 'right' },
  { title: 'max |Δ|', align: 'right' },
  { title: 'changed', align: 'right' },
];

function tensorRow(tensor: TensorDiff): string[] {
  return [
    tensor.name,
    describeStatus(tensor),
    formatNumber(tensor.relativeChange),
    formatCosine(tensor.cosine),
    formatNumber(tensor.maxAbsDelta),
    changedText(tensor),
  ];
}

/** The share of values that changed, or of codes where there are no values. */
function changedText(tensor: TensorDiff): string {
  const { codes } = tensor;
  const ofCodes = codes === null ? [] : [`${formatShare(codes.compared === 0 ? 0 : codes.changed / codes.compared)} of codes`];
  const ofValues = tensor.comparedCount !== null || codes === null ? [formatShare(changedShare(tensor))] : [];
  return [...ofValues, ...ofCodes].join(', ');
}

/** `changed`, `retyped F16 → BF16`, `grown 32000 → 32007`, `reshaped [4] → [8]`. */
function describeStatus({ status, dtypeA, dtypeB, schemeA, schemeB, shapeA, shapeB }: TensorDiff): string {
  switch (status) {
    case 'retyped':
      return `retyped ${schemeA ?? String(dtypeA)} → ${schemeB ?? String(dtypeB)}`;
    case 'grown':
    case 'shrunk':
      return `${status} ${shapeA![0]!} → ${shapeB![0]!}`;
    case 'reshaped':
      return `reshaped [${shapeA!.join(', ')}] → [${shapeB!.join(', ')}]`;
    case 'unread':
      return `not compared: ${schemeA ?? String(dtypeA)} and ${schemeB ?? String(dtypeB)}`;
    case 'equal':
      return statusText(status);
    case 'identical':
    case 'changed':
    case 'added':
    case 'removed':
      return status;
    default:
      return status satisfies never;
  }
}

function describeTotals(summary: GroupDiff): string[] {
  if (summary.comparedCount === null) return [];
  const part = describeCoverage(summary) === null ? '' : 'of what was compared: ';
  const share = formatShare(changedShare(summary));
  const single = summary.maxAbsDelta === null ? '' : ` · max |Δ| ${formatNumber(summary.maxAbsDelta)} · ${share} of values changed`;
  return [`${part}relative change ${formatNumber(summary.relativeChange)} · cosine ${formatCosine(summary.cosine)}${single}\n`];
}

function changedShare({ changedCount, comparedCount }: { changedCount: number | null; comparedCount: number | null }): number | null {
  return changedCount === null || !comparedCount ? null : Math.min(1, changedCount / comparedCount);
}
