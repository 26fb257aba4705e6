import {
  nameChoices,
  outputDtypes,
  parseScaleRule,
  type CandidateChoices,
  type CombineRequest,
  type OutputDtype,
  type RequestedInput,
  type SettingsChoice,
} from '../combine/index.js';
import type { RunChoices } from '../engine/index.js';
import { parseByteSize } from './byteSize.js';
import type { OptionSpec } from './command.js';
import { readFromUser, UsageError } from './io.js';
import { mostWorkers, type ParsedOptions } from './options.js';
import { nameRuleOption, parseNameRule, parsePrefixRule } from './prefixRule.js';
import { compilePattern } from '../model/names/index.js';

type Options = Readonly<Record<string, OptionSpec>>;

/** What a command's output follows where an option does not say otherwise. */
export interface OutputWords {
  /** The input whose names and files the output has: `the target`. */
  readonly template: string;
  /** Default of `--dtype`. */
  readonly dtype: string;
  /** What `--skip-mismatched` does. */
  readonly mismatched: string;
}

/** Options of every command that writes a combination. */
export function outputOptions({ template, dtype, mismatched }: OutputWords): Options {
  return {
    out: { type: 'string', value: 'DIR', help: 'Folder to be made. It appears whole, or not at all.' },
    dtype: {
      type: 'string',
      value: outputDtypes.join('|'),
      help: `Store floating-point weights in this dtype (default: ${dtype}; decoded ones in the dtype that their scheme rounds to).`,
    },
    'max-shard-size': {
      type: 'string',
      value: 'SIZE',
      help: `Largest weights file, such as 5GB (default: files as ${template} has them).`,
    },
    ...matchingOptions({ template, mismatched }),
    ...runOptions,
  };
}

/** Options that say how vocabularies, shapes and names are brought together. */
export function matchingOptions({ template, mismatched }: Omit<OutputWords, 'dtype'>): Options {
  return {
    vocab: { type: 'string', value: 'tokens|rows', help: 'Match vocabulary rows by token (default), or by index with zeros as padding.' },
    'skip-mismatched': { type: 'boolean', help: mismatched },
    'prefix-map': {
      type: 'string',
      value: 'FROM=TO',
      multiple: true,
      help: `Names that start with FROM start with TO in ${template}; either may be empty. Repeatable; replaces the proposed map.`,
    },
    map: nameRuleOption('the other models', template),
    'trust-names': {
      type: 'boolean',
      help: 'Take the parts of fused weights in the order that names say, and square matrices as stored, where a sample of the values does not confirm it.',
    },
  };
}

/** Who the fine-tuned version and the template are in a command's words: `finetuned` and `target`, or `added` and `first`. */
export interface SettingsWords {
  readonly finetuned: string;
  readonly template: string;
}

export const transferWords: SettingsWords = { finetuned: 'finetuned', template: 'target' };
export const sumWords: SettingsWords = { finetuned: 'added', template: 'first' };

/** The option whose settings of `config.json` the output takes. */
export function settingsOption({ finetuned, template }: SettingsWords): Options {
  const help = `Whose settings in config.json where a fine-tune changed those of its own base: the fine-tune's unless the ${template} model has others than that base (merged, default), the fine-tune's in any case (${finetuned}), or those of the ${template} model (${template}).`;
  return { settings: { type: 'string', value: `merged|${finetuned}|${template}`, help } };
}

const runOptions = {
  'dry-run': { type: 'boolean', help: 'Print the plan and write nothing. Exit code 1 when the plan is refused.' },
  resume: { type: 'boolean', help: 'Go on with a run that was interrupted.' },
  overwrite: { type: 'boolean', help: 'Replace an output that this tool wrote.' },
  'take-over': {
    type: 'boolean',
    help: 'With --resume or --overwrite: go on although another process is said to write there. Only when you know that it has ended.',
  },
  'keep-partial': { type: 'boolean', help: 'When cancelled, keep what is written so that --resume can go on.' },
  'no-sync': { type: 'boolean', help: 'Do not wait until the output is on the disk.' },
  'hash-inputs': { type: 'boolean', help: "Record the SHA-256 of every input file (the Hub's LFS id)." },
  workers: {
    type: 'string',
    value: 'N',
    help: 'Worker threads (default: one per processor, at most eight). The bytes do not depend on it.',
  },
  all: { type: 'boolean', help: 'Say of every layer what rounding cost, not only of those that lost most.' },
  json: { type: 'boolean', help: 'Print the plan or the result as JSON.' },
} as const satisfies Options;

/** Options that choose tensors; `kept` says whose values the others have: `the target's`. */
export function choiceOptions(kept: string): Options {
  return {
    include: {
      type: 'string',
      value: 'PATTERN',
      multiple: true,
      help: 'Only tensors whose name fits. Repeatable. Patterns: * ? {0..11} {q,k,v}.',
    },
    exclude: { type: 'string', value: 'PATTERN', multiple: true, help: `Leave these tensors as ${kept}. Repeatable.` },
  };
}

export const scaleOption = {
  scale: {
    type: 'string',
    value: 'λ|PATTERN=λ',
    multiple: true,
    help: 'Scale of the difference, of all tensors or of those whose name fits. Repeatable (default 1); a negative one as --scale=-1.',
  },
} as const satisfies Options;

type Written = Omit<CombineRequest, 'combination' | 'inputs'>;

/** The part of a request that the options decide. @throws UsageError */
export function writtenRequest(options: ParsedOptions, chatFrom: CombineRequest['chatFrom'], words = sumWords): Written {
  return {
    ...candidateChoices(options, words),
    output: options.required('out'),
    scales: options.values('scale').map((text) => readFromUser(() => parseScaleRule(text))),
    dtype: parseDtype(options.value('dtype')),
    maxShardSize: parseByteSize('max-shard-size', options.value('max-shard-size')),
    chatFrom,
    workers: options.wholeNumber('workers', 1, mostWorkers),
    overwrite: options.flag('overwrite'),
    resume: options.flag('resume'),
    takeOver: takesOver(options),
  };
}

/** @throws UsageError when it is not said what becomes of what the other process wrote */
function takesOver(options: ParsedOptions): boolean {
  const takeOver = options.flag('take-over');
  if (takeOver && !options.flag('resume') && !options.flag('overwrite'))
    throw new UsageError('--take-over needs --resume, to go on with what is written, or --overwrite, to remove it.');
  return takeOver;
}

/** @throws UsageError */
function settingsChoice(options: ParsedOptions, { finetuned, template }: SettingsWords): SettingsChoice {
  const word = options.choice('settings', ['merged', finetuned, template]);
  if (word === 'merged') return word;
  return word === finetuned ? 'finetuned' : 'target';
}

/** How tensors and vocabularies are combined, whether the result is written or scored. @throws UsageError */
export function candidateChoices(options: ParsedOptions, words = sumWords): CandidateChoices {
  const prefixes = options.values('prefix-map').map(parsePrefixRule);
  return {
    include: patterns(options, 'include'),
    exclude: patterns(options, 'exclude'),
    vocabulary: options.choice('vocab', ['tokens', 'rows']),
    skipMismatched: options.flag('skip-mismatched'),
    prefixMap: prefixes.length > 0 ? prefixes : null,
    settings: settingsChoice(options, words),
    ...nameChoices(options.values('map').map(parseNameRule), options.flag('trust-names')),
  };
}

export function runChoices(options: ParsedOptions): RunChoices {
  return {
    workers: options.wholeNumber('workers', 1, mostWorkers),
    sync: !options.flag('no-sync'),
    resume: options.flag('resume'),
    overwrite: options.flag('overwrite'),
    takeOver: takesOver(options),
    keepPartial: options.flag('keep-partial'),
    hashInputs: options.flag('hash-inputs'),
  };
}

/** Patterns are kept as written; that they can be read is made sure here, before any file is opened. */
function patterns(options: ParsedOptions, name: string): readonly string[] {
  for (const pattern of options.values(name)) readFromUser(() => compilePattern(pattern));
  return options.values(name);
}

/** An input of a role whose path an option of the same name gives. @throws UsageError */
export function inputOption(options: ParsedOptions, role: string, expect: RequestedInput['expect'] = 'checkpoint'): RequestedInput {
  return { role, path: options.required(role), expect };
}

function parseDtype(text: string | null): OutputDtype | null {
  if (text === null) return null;
  const dtype = outputDtypes.find((name) => name === text.toUpperCase());
  if (dtype === undefined) throw new UsageError(`--dtype takes one of ${outputDtypes.join(', ')}, but got "${text}".`);
  return dtype;
}
