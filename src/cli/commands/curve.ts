import { interpolation, type RequestedInput } from '../../combine/index.js';
import type { LinePath } from '../../connectivity/index.js';
import { UsageError } from '../io.js';
import type { Command, CommandSpec } from '../command.js';
import { lineOptions, lineRequest } from '../lineOptions.js';
import { nameInputs } from '../modelNames.js';
import type { ParsedOptions } from '../options.js';
import { runFileOptions, runScoring } from '../runScoring.js';
import { scoringOptions } from '../scoringOptions.js';

const grid = { from: 0, to: 1, points: 11 };

const spec: CommandSpec = {
  name: 'curve',
  positionals: ['A', 'B'],
  required: '--task FILE',
  summary: 'Score models on the straight line between two, and say whether there is a barrier. Nothing is written.',
  notes: [
    'A and B are files of weights or checkpoint folders. Points are a + α·(b − a).',
    'With --path transferred --base S, A is a fine-tuned version of S and B another base: the points a + α·(b − s) lead from A to the transfer',
    'of its fine-tuning onto B, before any training.',
  ].join('\n'),
  options: {
    path: { type: 'string', value: 'interpolate|transferred', help: 'Which line (default interpolate).' },
    base: { type: 'string', value: 'MODEL', help: 'What A was fine-tuned from, for --path transferred.' },
    ...lineOptions(grid),
    ...scoringOptions,
    ...runFileOptions,
  },
};

export const curveCommand: Command = {
  spec,
  async run(options, io) {
    const { path, inputs } = readLine(options);
    return runScoring(await lineRequest(path, inputs, grid, options), options, io);
  },
};

function readLine(options: ParsedOptions): { path: LinePath; inputs: readonly RequestedInput[] } {
  const [a, b] = options.positionals as [string, string];
  return options.choice('path', ['interpolate', 'transferred']) === 'transferred'
    ? transferredLine(a, b, options.required('base'))
    : interpolatedLine(a, b, options);
}

function transferredLine(finetuned: string, target: string, base: string): { path: LinePath; inputs: readonly RequestedInput[] } {
  const models = { finetuned, base, target };
  const inputs = Object.entries(models).map(([role, path]) => ({ role, path, expect: 'checkpoint' as const }));
  return { path: { kind: 'transferred', finetuned: 'finetuned', base: 'base', target: 'target' }, inputs };
}

function interpolatedLine(a: string, b: string, options: ParsedOptions): { path: LinePath; inputs: readonly RequestedInput[] } {
  if (options.value('base') !== null) throw new UsageError('--base belongs to --path transferred.');
  if (a === b) throw new UsageError('A and B are the same model: there is no line between them.');
  const { inputs } = nameInputs(interpolation(a, b, 1), new Map());
  const [first, second] = inputs as [RequestedInput, RequestedInput];
  return { path: { kind: 'interpolate', a: first.role, b: second.role }, inputs };
}
