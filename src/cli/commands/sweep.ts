import type { Command, CommandSpec } from '../command.js';
import { inputOption } from '../combineOptions.js';
import { lineOptions, lineRequest } from '../lineOptions.js';
import { runFileOptions, runScoring } from '../runScoring.js';
import { scoringOptions } from '../scoringOptions.js';

const grid = { from: -0.25, to: 1.5, points: 8 };

const spec: CommandSpec = {
  name: 'sweep',
  positionals: [],
  required: '--finetuned MODEL --base MODEL --target MODEL --task FILE',
  summary: 'Score a transfer at many scales: target + λ·(finetuned − base). Nothing is written.',
  notes: 'λ = 0 is the target itself, λ = 1 the plain transfer. The best λ of a grid was picked for its score: check it on other text.',
  options: {
    finetuned: { type: 'string', value: 'MODEL', help: 'The fine-tuned version.' },
    base: { type: 'string', value: 'MODEL', help: 'What it was fine-tuned from.' },
    target: { type: 'string', value: 'MODEL', help: 'The base model that gets the fine-tuning.' },
    ...lineOptions(grid),
    ...scoringOptions,
    ...runFileOptions,
  },
};

export const sweepCommand: Command = {
  spec,
  async run(options, io) {
    const inputs = ['finetuned', 'base', 'target'].map((role) => inputOption(options, role));
    const path = { kind: 'sweep', finetuned: 'finetuned', base: 'base', target: 'target' } as const;
    return runScoring(await lineRequest(path, inputs, grid, options), options, io);
  },
};
