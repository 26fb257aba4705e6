import { applyDelta, transfer, type CombineRequest, type RequestedInput } from '../../combine/index.js';
import {
  choiceOptions,
  inputOption,
  outputOptions,
  scaleOption,
  settingsOption,
  transferWords,
  writtenRequest,
} from '../combineOptions.js';
import { UsageError } from '../io.js';
import type { Command, CommandSpec } from '../command.js';
import type { ParsedOptions } from '../options.js';
import { runAdapter } from '../runAdapter.js';
import { runCombination } from '../runCombination.js';

const spec: CommandSpec = {
  name: 'transfer',
  positionals: [],
  required: '(--finetuned MODEL [--base MODEL] | --delta MODEL) --target MODEL --out DIR',
  summary: 'Carry a fine-tune to another base model: target + λ·(finetuned − base), exactly and without training.',
  notes:
    'Models are files of weights or checkpoint folders. To look before you leap, add --dry-run. Afterwards: model-rebase verify DIR --deep.',
  options: {
    finetuned: { type: 'string', value: 'MODEL', help: 'The fine-tuned version.' },
    base: {
      type: 'string',
      value: 'MODEL',
      help: 'What it was fine-tuned from. An adapter of PEFT or MLX whose change is a plain sum needs none.',
    },
    delta: { type: 'string', value: 'MODEL', help: 'A saved diff vector, instead of --finetuned and --base.' },
    target: { type: 'string', value: 'MODEL', help: 'The base model that gets the fine-tuning.' },
    as: {
      type: 'string',
      value: 'weights|adapter',
      help: 'Write a model (default), or the adapter that --finetuned is for the new base: the same factors, λ in its alpha.',
    },
    ...scaleOption,
    ...choiceOptions("the target's"),
    'chat-template': {
      type: 'string',
      value: 'finetuned|target',
      help: 'Whose chat template, special tokens and generation settings (default: finetuned).',
    },
    ...settingsOption(transferWords),
    ...outputOptions({
      template: 'the target',
      dtype: 'as the target does',
      mismatched: "Keep the target's tensor where shapes differ, instead of refusing.",
    }),
  },
};

/** What is fine-tuned, against its base where one is given. Without one it has to be a difference by itself: an adapter. */
function fineTuned(options: ParsedOptions, target: RequestedInput): Pick<CombineRequest, 'combination' | 'inputs'> {
  if (options.value('base') === null && options.value('finetuned') !== null)
    return { combination: applyDelta('target', 'finetuned'), inputs: [target, inputOption(options, 'finetuned', 'diff-vector')] };
  return {
    combination: transfer('target', 'finetuned', 'base'),
    inputs: [target, inputOption(options, 'finetuned'), inputOption(options, 'base')],
  };
}

export const transferCommand: Command = {
  spec,
  run(options, io) {
    if (options.choice('as', ['weights', 'adapter']) === 'adapter') return runAdapter(options, io);
    const hasDelta = options.value('delta') !== null;
    if (hasDelta && (options.value('finetuned') ?? options.value('base')) !== null)
      throw new UsageError('--delta stands for --finetuned and --base: give either.');
    const target = inputOption(options, 'target');
    const request = hasDelta
      ? { combination: applyDelta('target', 'delta'), inputs: [target, inputOption(options, 'delta', 'diff-vector')] }
      : fineTuned(options, target);
    const chatFrom = options.choice('chat-template', ['finetuned', 'target']);
    return runCombination({ ...request, ...writtenRequest(options, chatFrom, transferWords) }, options, io);
  },
};
