import { combinationOn, mostPerAxis } from '../../connectivity/index.js';
import type { RequestedInput } from '../../combine/index.js';
import { UsageError } from '../io.js';
import type { Command, CommandSpec } from '../command.js';
import { readGrid, type Grid } from '../gridOptions.js';
import { nameInputs } from '../modelNames.js';
import { runFileOptions, runScoring } from '../runScoring.js';
import { readScoring, scoringOptions } from '../scoringOptions.js';

const defaults: Grid = { from: -0.25, to: 1.25, points: 9 };

const spec: CommandSpec = {
  name: 'plane',
  positionals: ['A', 'B', 'C'],
  required: '--task FILE',
  summary: 'Score models on a grid of the plane through three: a + x·(b − a) + y·(c − a). Nothing is written.',
  notes: 'Every point is a model: 9 points per axis are 81 of them. For small models.',
  options: {
    points: {
      type: 'string',
      value: 'N',
      help: `Points per axis, at most ${mostPerAxis} (default ${defaults.points}); 0 and 1 are added.`,
    },
    from: { type: 'string', value: 'X', help: `First x and y (default ${defaults.from}); a negative one as --from=-0.5.` },
    to: { type: 'string', value: 'X', help: `Last x and y (default ${defaults.to}).` },
    ...scoringOptions,
    ...runFileOptions,
  },
};

export const planeCommand: Command = {
  spec,
  run(options, io) {
    const [a, b, c] = options.positionals as [string, string, string];
    if (new Set([a, b, c]).size < 3) throw new UsageError('A, B and C have to be three models.');
    const { inputs } = nameInputs(combinationOn({ a, b, c }, 1, 1), new Map());
    const [roleA, roleB, roleC] = inputs.map(({ role }: RequestedInput) => role) as [string, string, string];
    const grid = readGrid(options, defaults, mostPerAxis);
    return runScoring({ kind: 'plane', a: roleA, b: roleB, c: roleC, inputs, ...grid, ...readScoring(options) }, options, io);
  },
};
