import { formatCount, plural } from '../../base/format.js';
import { andList } from '../../base/nameList.js';
import type { CodedGroup, Coding, SchemeId } from './scheme.js';
import type { QuantisationStatement } from './statement.js';

/** `GPTQ (4 bits, groups of 128)`, `block-FP8 (blocks of 128 × 128)`, `FP8 (a scale per row)`, `GGUF Q4_K`, `torchao`. */
export function describeCoding({ scheme, name, bits, block }: Coding): string {
  const facts = [...describeBits(scheme, bits), ...describeBlock(scheme, block)];
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}

/** Names such as FP8, int8 and Q4_K say their bits. */
function describeBits(scheme: SchemeId, bits: number | null): string[] {
  const isSaid = scheme === 'bitsandbytes' || scheme === 'gguf' || /fp[48]$/.test(scheme);
  return bits === null || isSaid ? [] : [`${bits} bits`];
}

function describeBlock(scheme: SchemeId, block: Coding['block']): string[] {
  if (block === null || /^(?:mx|nv)fp/.test(scheme) || scheme === 'bitsandbytes' || scheme === 'gguf') return [];
  const [rows, columns] = block;
  if (rows === null && columns === null) return ['a scale per tensor'];
  if (columns === null) return [rows === 1 ? 'a scale per row' : `a scale per ${rows} rows`];
  return [rows === 1 ? `groups of ${columns}` : `blocks of ${rows ?? 'all'} × ${columns}`];
}

/** Codings that are alike, most frequent first. */
export function groupCodings(codings: readonly Coding[]): CodedGroup[] {
  const groups = new Map<string, CodedGroup>();
  for (const { scheme, name, bits, block } of codings) {
    const key = describeCoding({ scheme, name, bits, block });
    groups.set(key, { scheme, name, bits, block, count: (groups.get(key)?.count ?? 0) + 1 });
  }
  return [...groups.values()].sort((one, other) => other.count - one.count);
}

/** `14 weights are stored as codes of GPTQ (4 bits, groups of 64); config.json states quant_method "gptq".` */
export function describeEvidence(groups: readonly CodedGroup[], statement: QuantisationStatement | null): string {
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const subject = `${plural(total, 'weight')} ${total === 1 ? 'is' : 'are'} stored as`;
  const isStated = groups.some(({ scheme }) => scheme === 'gguf');
  const unstated = isStated ? 'the file names the type of each' : 'no file beside them says so';
  const file = statement === null ? unstated : `${statement.file} states ${describeStatement(statement)}`;
  if (groups.length === 1) return `${subject} ${codesOf(groups[0]!)}; ${file}.`;
  const counted = groups.map((group) => `${formatCount(group.count)} as ${codesOf(group)}`);
  return `${subject} codes: ${andList(counted)}; ${file}.`;
}

/** `codes of GPTQ (4 bits, groups of 64)`, `codes of an unknown scheme`. */
export function codesOf(coding: Coding): string {
  return coding.scheme === 'unknown' ? coding.name : `codes of ${describeCoding(coding)}`;
}

/** `quant_method "gptq"`. */
export function describeStatement({ method }: QuantisationStatement): string {
  return method === '' ? 'a quantisation without naming its method' : `quant_method "${method}"`;
}
