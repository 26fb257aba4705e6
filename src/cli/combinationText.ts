import { describeNonFinite, describeRounding, describeVocabulary, lostShare, type CombinePlan, type Manifest } from '../combine/index.js';
import { toJson } from '../compare/report/index.js';
import type { Io } from './io.js';
import { printable, printableLines, textTable, type Column } from './textTable.js';
import { formatBytes, formatCount, formatSeconds, formatShare } from '../base/format.js';

/** The plan as JSON; of the header bytes only their number. */
export function planToJson(plan: CombinePlan): string {
  const shards = plan.shards.map(({ header, ...shard }) => ({ ...shard, headerByteLength: header.byteLength }));
  return JSON.stringify({ ...plan, shards });
}

/** What a run wrote, as JSON. Infinities and NaN are texts. */
export function resultToJson(plan: CombinePlan, { kind, formula, rounding, vocabulary }: Manifest, seconds: number): string {
  const { output, writeByteLength, findings } = plan;
  const skipped = plan.tensors.filter(({ action }) => action === 'skipped').map(({ name }) => name);
  return toJson({ output, kind, formula, writeByteLength, seconds, rounding, vocabulary, skipped, findings });
}

/** What a run wrote, for a terminal. */
export function describeResult(plan: CombinePlan, manifest: Manifest, seconds: number, io: Io): string {
  const nonFinite = describeNonFinite(manifest.rounding);
  return [
    printableLines(`${manifest.formula}\n`),
    ...vocabularyLines(plan),
    printableLines(`${plan.output}: ${formatBytes(plan.writeByteLength)} in ${formatSeconds(seconds)}\n`),
    '\n',
    roundingTable(manifest, io),
    '\n',
    `${describeRounding(manifest.rounding.total)}\n`,
    ...(nonFinite === null ? [] : [printableLines(`Warning: ${nonFinite}\n`)]),
  ].join('');
}

/** Rows that do not simply correspond are worth a word. */
function vocabularyLines({ vocabulary }: CombinePlan): string[] {
  return vocabulary === null || vocabulary.rule === 'same' ? [] : describeVocabulary(vocabulary).map((line) => `${printable(line)}\n`);
}

const columns: readonly Column[] = [
  { title: 'layer', align: 'left', flexible: true },
  { title: 'to change', align: 'right' },
  { title: 'did not move', align: 'right' },
  { title: 'change lost', align: 'right' },
];

function roundingTable({ rounding: { layers } }: Manifest, io: Io): string {
  const rows = layers.map((layer) => [
    layer.layer,
    formatCount(layer.changedCount),
    formatCount(layer.unmovedCount),
    formatShare(lostShare(layer)),
  ]);
  return textTable(columns, rows, io.columns);
}
