import {
  byLostShare,
  describeNonFinite,
  describeRounding,
  describeVocabulary,
  inLayerOrder,
  lostShare,
  type CombinePlan,
  type Manifest,
} from '../combine/index.js';
import { toJson } from '../base/json/toJson.js';
import type { Io } from './io.js';
import { textTable, type Column } from './textTable.js';
import { visibleText } from '../base/visibleText.js';
import { formatBytes, formatCount, formatSeconds, formatShare, plural } from '../base/format.js';

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

export interface WrittenResult {
  readonly plan: CombinePlan;
  readonly manifest: Manifest;
  readonly seconds: number;
  /** Say of every layer what rounding cost, not only of those that lost most. */
  readonly everyLayer: boolean;
}

/** What a run wrote, for a terminal. */
export function describeResult({ plan, manifest, seconds, everyLayer }: WrittenResult, io: Io): string {
  const nonFinite = describeNonFinite(manifest.rounding);
  return [
    `${visibleText(manifest.formula)}\n`,
    ...vocabularyLines(plan),
    `${visibleText(plan.output)}: ${formatBytes(plan.writeByteLength)} in ${formatSeconds(seconds)}\n`,
    ...roundingTable(manifest, everyLayer, io),
    '\n',
    `${describeRounding(manifest.rounding.total)}\n`,
    ...(nonFinite === null ? [] : [`Warning: ${visibleText(nonFinite)}\n`]),
  ].join('');
}

/** Rows that do not simply correspond are worth a word. */
function vocabularyLines({ vocabulary }: CombinePlan): string[] {
  return vocabulary === null || vocabulary.rule === 'same' ? [] : describeVocabulary(vocabulary).map((line) => `${visibleText(line)}\n`);
}

const columns: readonly Column[] = [
  { title: 'layer', align: 'left', flexible: true },
  { title: 'to change', align: 'right' },
  { title: 'did not move', align: 'right' },
  { title: 'change lost', align: 'right' },
];

/** Layers that a summary names. */
const maxLayers = 5;

/** Every layer in order, or those that lost most: a summary that fits a screen also where layers are many. */
function roundingTable({ rounding: { layers } }: Manifest, everyLayer: boolean, io: Io): string[] {
  const shown = everyLayer ? inLayerOrder(layers) : byLostShare(layers).slice(0, maxLayers);
  if (shown.length === 0) return [];
  const rows = shown.map((layer) => [
    layer.layer,
    formatCount(layer.changedCount),
    formatCount(layer.unmovedCount),
    formatShare(lostShare(layer)),
  ]);
  const rest = layers.length - shown.length;
  return ['\n', textTable(columns, rows, io.columns), ...(rest > 0 ? [`… and ${plural(rest, 'more layer')} (--all)\n`] : [])];
}
