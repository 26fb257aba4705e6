import { diffVector } from '../../combine/index.js';
import { inputOption, writeOptions, writtenRequest } from '../combineOptions.js';
import type { CommandSpec } from '../options.js';
import type { Command } from '../run.js';
import { runCombination } from '../runCombination.js';

const spec: CommandSpec = {
  name: 'delta',
  positionals: [],
  summary: 'Save the difference of a fine-tuned version and its base as a diff vector, to be transferred later.',
  notes: 'Stored as float32 unless --dtype says otherwise. Apply it with model-rebase transfer --delta DIR --target MODEL --out DIR.',
  options: {
    finetuned: { type: 'string', value: 'MODEL', help: 'The fine-tuned version.' },
    base: { type: 'string', value: 'MODEL', help: 'What it was fine-tuned from.' },
    ...writeOptions,
  },
};

export const deltaCommand: Command = {
  spec,
  run(options, io) {
    const inputs = [inputOption(options, 'finetuned'), inputOption(options, 'base')];
    return runCombination({ combination: diffVector('finetuned', 'base'), inputs, ...writtenRequest(options) }, options, io);
  },
};
