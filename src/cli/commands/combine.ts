import { parseCombination } from '../../combine/index.js';
import { choiceOptions, outputOptions, settingsOption, sumWords, writtenRequest } from '../combineOptions.js';
import { readFromUser } from '../io.js';
import type { Command, CommandSpec } from '../command.js';
import { modelOption, modelPaths, nameInputs, requireExisting } from '../modelNames.js';
import { runCombination } from '../runCombination.js';

const spec: CommandSpec = {
  name: 'combine',
  positionals: ['EXPR'],
  required: '--out DIR',
  summary: "Write any sum of scaled models and differences: 'a + 0.3*(b - c)', '0.5*a + 0.5*b'.",
  notes: [
    'Names in EXPR are paths, or names given with --model. A plus or minus needs spaces around it; a name with spaces is quoted.',
    'Differences in parentheses are taken first, in float64; the sum is rounded once.',
  ].join('\n'),
  options: {
    ...modelOption,
    ...choiceOptions("the first model's"),
    'chat-template': {
      type: 'string',
      value: 'added|first',
      help: 'Whose chat template, special tokens and generation settings: of the first model that is added to it (default), or its own.',
    },
    ...settingsOption(sumWords),
    ...outputOptions({
      template: 'the first model',
      dtype: 'as the first model does; F32 for a difference',
      mismatched: "Keep the first model's tensor where shapes differ, instead of refusing.",
    }),
  },
};

export const combineCommand: Command = {
  spec,
  run(options, io) {
    const formula = readFromUser(() => parseCombination(options.positionals[0]!));
    const { combination, inputs } = nameInputs(formula, modelPaths(options));
    for (const { path } of inputs) requireExisting(path);
    const chatFrom = options.choice('chat-template', ['added', 'first']) === 'added' ? 'finetuned' : 'target';
    return runCombination({ combination, inputs, ...writtenRequest(options, chatFrom) }, options, io);
  },
};
