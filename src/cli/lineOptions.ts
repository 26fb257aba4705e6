import { mostLinePoints, type LinePath, type LineRequest, type LineRun } from '../connectivity/index.js';
import type { RequestedInput } from '../combine/index.js';
import type { OptionSpec } from './command.js';
import { UsageError } from './io.js';
import { readGrid, type Grid } from './gridOptions.js';
import type { ParsedOptions } from './options.js';
import { readExtended } from './runFile.js';
import { readScoring } from './scoringOptions.js';

/** Options of commands that score the points of a line. */
export function lineOptions({ from, to, points }: Grid): Readonly<Record<string, OptionSpec>> {
  return {
    points: { type: 'string', value: 'N', help: `Points, evenly spaced (default ${points}); 0 and 1 are added where they lie in between.` },
    from: { type: 'string', value: 'X', help: `First point (default ${from}); a negative one as --from=-0.5.` },
    to: { type: 'string', value: 'X', help: `Last point (default ${to}).` },
    adaptive: { type: 'string', value: 'N', help: 'Then add up to N points where the curve bends most or the verdict hangs on it.' },
    extend: {
      type: 'string',
      value: 'FILE',
      help: 'Go on with this run: its points and tasks are kept, and only what is missing is scored.',
    },
    'no-geometry': { type: 'boolean', help: 'Do not measure the distances between the versions, which reads them once more.' },
  };
}

/** The request of a line with these models. @throws UsageError; as `readExtended` */
export async function lineRequest(
  path: LinePath,
  inputs: readonly RequestedInput[],
  defaults: Grid,
  options: ParsedOptions,
): Promise<LineRequest> {
  const previous = await readExtended(options);
  requireCommand(previous, options);
  const scoring = readScoring(options, filesOf(previous));
  return {
    kind: 'line',
    path,
    inputs,
    grid: { ...readGrid(options, defaults, mostLinePoints), refine: options.wholeNumber('adaptive', 1, mostLinePoints) ?? 0 },
    geometry: !options.flag('no-geometry'),
    previous,
    ...scoring,
    settings: { ...scoring.settings, ...settingsOf(previous, options) },
  };
}

/** A run does not say how a command is run, only what it is called. @throws UsageError */
function requireCommand(previous: LineRun | null, options: ParsedOptions): void {
  const command = previous?.tasks.find(({ kind }) => kind === 'outside');
  if (command === undefined || options.value('command') !== null) return;
  throw new UsageError(`--command is missing: the run was also scored with ${command.path}, so new points need it too.`);
}

function filesOf(previous: LineRun | null): string[] {
  return previous?.tasks.filter(({ kind }) => kind !== 'outside').map(({ path }) => path) ?? [];
}

/** A run that is extended has its settings already; what is given all the same is checked against them later. */
function settingsOf(previous: LineRun | null, options: ParsedOptions): Partial<LineRequest['settings']> {
  if (previous === null) return {};
  const { window, stride, limit, precision, bos } = previous.settings;
  const kept = { window, stride, limit, precision, bos };
  return Object.fromEntries(Object.entries(kept).filter(([name]) => !options.flag(name)));
}
