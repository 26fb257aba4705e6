import { outputDtypes, parseScaleRule, type CombineRequest, type OutputDtype, type RequestedInput } from '../combine/index.js';
import type { RunChoices } from '../engine/index.js';
import { parseByteSize } from './byteSize.js';
import { UsageError } from './io.js';
import { mostWorkers, type OptionSpec, type ParsedOptions } from './options.js';
import { parsePrefixRule } from './prefixRule.js';

/** Options of every command that writes a combination. */
export const writeOptions = {
  out: { type: 'string', value: 'DIR', help: 'Folder to be made. It appears whole, or not at all.' },
  vocab: { type: 'string', value: 'tokens|rows', help: 'Match vocabulary rows by token (default), or by index with zeros as padding.' },
  dtype: {
    type: 'string',
    value: outputDtypes.join('|'),
    help: 'Store in this dtype (default: as the target does; float32 for a diff vector).',
  },
  'max-shard-size': { type: 'string', value: 'SIZE', help: 'Largest weights file, such as 5GB (default: files as the target has them).' },
  'skip-mismatched': { type: 'boolean', help: "Keep the target's tensor where shapes or architectures differ, instead of refusing." },
  'prefix-map': {
    type: 'string',
    value: 'FROM=TO',
    multiple: true,
    help: 'Names that start with FROM start with TO in the target; either may be empty. Repeatable; replaces the proposed map.',
  },
  'dry-run': { type: 'boolean', help: 'Print the plan and write nothing. Exit code 1 when the plan is refused.' },
  resume: { type: 'boolean', help: 'Go on with a run that was interrupted.' },
  overwrite: { type: 'boolean', help: 'Replace an output that this tool wrote.' },
  'keep-partial': { type: 'boolean', help: 'When cancelled, keep what is written so that --resume can go on.' },
  'no-sync': { type: 'boolean', help: 'Do not wait until the output is on the disk.' },
  'hash-inputs': { type: 'boolean', help: "Record the SHA-256 of every input file (the Hub's LFS id)." },
  workers: {
    type: 'string',
    value: 'N',
    help: 'Worker threads (default: one per processor, at most eight). The bytes do not depend on it.',
  },
  json: { type: 'boolean', help: 'Print the plan or the result as JSON.' },
} as const satisfies Record<string, OptionSpec>;

/** Options that choose tensors. */
export const choiceOptions = {
  include: {
    type: 'string',
    value: 'PATTERN',
    multiple: true,
    help: 'Only tensors whose name fits. Repeatable. Patterns: * ? {0..11} {q,k,v}.',
  },
  exclude: { type: 'string', value: 'PATTERN', multiple: true, help: "Leave these tensors as the target's. Repeatable." },
  'chat-template': {
    type: 'string',
    value: 'finetuned|target',
    help: 'Whose chat template, special tokens and generation settings (default: finetuned).',
  },
} as const satisfies Record<string, OptionSpec>;

export const scaleOption = {
  scale: {
    type: 'string',
    value: 'λ|PATTERN=λ',
    multiple: true,
    help: 'Scale of the difference, of all tensors or of those whose name fits. Repeatable (default 1); a negative one as --scale=-1.',
  },
} as const satisfies Record<string, OptionSpec>;

type Written = Omit<CombineRequest, 'combination' | 'inputs'>;

/** The part of a request that the options decide. @throws UsageError, ScaleError, PatternError */
export function writtenRequest(options: ParsedOptions): Written {
  const prefixes = options.values('prefix-map').map(parsePrefixRule);
  return {
    output: required(options, 'out'),
    scales: options.values('scale').map(parseScaleRule),
    include: options.values('include'),
    exclude: options.values('exclude'),
    vocabulary: options.choice('vocab', ['tokens', 'rows']),
    dtype: parseDtype(options.value('dtype')),
    maxShardSize: parseByteSize('max-shard-size', options.value('max-shard-size')),
    skipMismatched: options.flag('skip-mismatched'),
    chatFrom: options.choice('chat-template', ['finetuned', 'target']),
    prefixMap: prefixes.length > 0 ? prefixes : null,
    workers: options.wholeNumber('workers', 1, mostWorkers),
    overwrite: options.flag('overwrite'),
    resume: options.flag('resume'),
  };
}

export function runChoices(options: ParsedOptions): RunChoices {
  return {
    workers: options.wholeNumber('workers', 1, mostWorkers),
    sync: !options.flag('no-sync'),
    resume: options.flag('resume'),
    overwrite: options.flag('overwrite'),
    keepPartial: options.flag('keep-partial'),
    hashInputs: options.flag('hash-inputs'),
  };
}

/** The value of an option that has to be given. @throws UsageError */
export function required(options: ParsedOptions, name: string): string {
  const value = options.value(name);
  if (value === null) throw new UsageError(`--${name} is missing.`);
  return value;
}

/** An input of a role whose path an option of the same name gives. @throws UsageError */
export function inputOption(options: ParsedOptions, role: string, expect: RequestedInput['expect'] = 'checkpoint'): RequestedInput {
  return { role, path: required(options, role), expect };
}

function parseDtype(text: string | null): OutputDtype | null {
  if (text === null) return null;
  const dtype = outputDtypes.find((name) => name === text.toUpperCase());
  if (dtype === undefined) throw new UsageError(`--dtype takes one of ${outputDtypes.join(', ')}, but got "${text}".`);
  return dtype;
}
