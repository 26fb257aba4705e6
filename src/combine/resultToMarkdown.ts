import { describeNonFinite } from './describeNonFinite.js';
import { escapeMarkdown, markdownCode, markdownRow, nameCell } from '../base/markdown.js';
import { outputFacts } from './outputFacts.js';
import { describeRounding, describeVocabulary, groupTensors, inLayerOrder, lostShare } from './planSummary.js';
import type { Manifest } from './run/manifest.js';
import type { LayerRounding } from './run/rounding.js';
import { formatBytes, formatCount, formatShare, plural } from '../base/format.js';
import { quantiseAgain } from './plan/decoding.js';

/** A finished output as a page: formula, rounding, what happened to the tensors, hashes. Names from files are escaped. */
export function resultToMarkdown(name: string, folder: string, manifest: Manifest): string {
  const sections = [
    [
      `# ${escapeMarkdown(name)}`,
      '',
      markdownCode(outputFacts(manifest).formula),
      '',
      `${manifest.kind === 'model' ? 'A model version' : 'A diff vector'} written by Model Rebase ${escapeMarkdown(manifest.toolVersion)} to ${markdownCode(folder)}.`,
    ],
    roundingSection(manifest),
    [
      '## Models',
      '',
      '| | name | folder |',
      '|---|---|---|',
      ...manifest.inputs.map(({ role, name: input, path }) => markdownRow([role, input, path])),
    ],
    [
      '## Tensors',
      '',
      '| | tensors | why | names |',
      '|---|--:|---|---|',
      ...groupTensors(manifest).map(({ action, reason, names }) =>
        markdownRow([action, formatCount(names.length), reason, nameCell(names)]),
      ),
    ],
    manifest.vocabulary === null
      ? []
      : ['## Vocabulary', '', ...describeVocabulary(manifest.vocabulary).map((line) => `- ${escapeMarkdown(line)}`)],
    decodedSection(manifest),
    hashSection(manifest),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function decodedSection({ decoded, template }: Manifest): string[] {
  if (!decoded) return [];
  const { count, scheme, quantisingCommand } = decoded;
  const found = `${plural(count, 'weight')} of ${template} ${count === 1 ? 'was' : 'were'} stored as ${scheme}; the output has the values.`;
  return ['## Quantisation', '', escapeMarkdown(`${found}${quantiseAgain(quantisingCommand)}`)];
}

function roundingSection({ rounding }: Manifest): string[] {
  const nonFinite = describeNonFinite(rounding);
  const rows = [{ layer: 'all', ...rounding.total }, ...inLayerOrder(rounding.layers)];
  return [
    '## Rounding',
    '',
    describeRounding(rounding.total),
    ...(nonFinite === null ? [] : ['', `**${nonFinite}**`]),
    '',
    '| layer | weights to change | did not move | change lost | NaN or infinite | too large |',
    '|---|--:|--:|--:|--:|--:|',
    ...rows.map((row) => markdownRow(roundingCells(row))),
  ];
}

function roundingCells(row: LayerRounding): string[] {
  const counts = [row.changedCount, row.unmovedCount].map(formatCount);
  const nonFinite = [row.nonFiniteCount, row.overflowCount].map(formatCount);
  return [row.layer, ...counts, formatShare(lostShare(row)), ...nonFinite];
}

function hashSection({ shards, files, inputs }: Manifest): string[] {
  const weights = shards.map(({ file, headerByteLength, dataByteLength, hash }) => [
    file,
    formatBytes(headerByteLength + dataByteLength),
    hash,
  ]);
  const others = files.map(({ name, byteLength, hash }) => [name, formatBytes(byteLength), hash]);
  const sources = inputs.flatMap(({ role, shards: parts }) =>
    parts.map(({ path, byteLength, headerSha256, sha256 }) => [role, path, formatBytes(byteLength), sha256 ?? `header ${headerSha256}`]),
  );
  return [
    '## Hashes',
    '',
    '*Verify Checkpoint…* computes these again. Output: XXH3-128. Inputs: SHA-256.',
    '',
    '| file | size | hash |',
    '|---|--:|---|',
    ...[...weights, ...others].map(markdownRow),
    '',
    '| input | file | size | hash |',
    '|---|---|--:|---|',
    ...sources.map(markdownRow),
  ];
}
