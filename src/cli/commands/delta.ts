import { diffVector } from '../../combine/index.js';
import { inputOption, outputOptions, writtenRequest } from '../combineOptions.js';
import type { Command, CommandSpec } from '../command.js';
import { runCombination } from '../runCombination.js';

const spec: CommandSpec = {
  name: 'delta',
  positionals: [],
  required: '--finetuned MODEL --base MODEL --out DIR',
  summary: 'Save the difference of a fine-tuned version and its base as a diff vector, to be transferred later.',
  notes: 'Stored as float32 unless --dtype says otherwise. Apply it with model-rebase transfer --delta DIR --target MODEL --out DIR.',
  options: {
    finetuned: { type: 'string', value: 'MODEL', help: 'The fine-tuned version.' },
    base: { type: 'string', value: 'MODEL', help: 'What it was fine-tuned from.' },
    ...outputOptions({
      template: 'the fine-tuned version',
      dtype: 'F32',
      mismatched: 'Leave tensors out where shapes differ, instead of refusing.',
    }),
  },
};

export const deltaCommand: Command = {
  spec,
  run(options, io) {
    const inputs = [inputOption(options, 'finetuned'), inputOption(options, 'base')];
    return runCombination({ combination: diffVector('finetuned', 'base'), inputs, ...writtenRequest(options, 'finetuned') }, options, io);
  },
};
