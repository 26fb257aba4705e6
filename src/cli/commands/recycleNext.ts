import { toJson } from '../../base/json/toJson.js';
import type { NextReport, Advice, Stance } from '../../recycle/index.js';
import type { Command, CommandSpec } from '../command.js';
import { UsageError, type Io } from '../io.js';
import type { ParsedOptions } from '../options.js';
import { describeStatus } from '../recycle/statusText.js';
import { withoutItems } from '../runJson.js';
import { cacheFolder, scoringOptions } from '../scoringOptions.js';
import { runJob } from '../runJob.js';
import { describePlan } from '../../combine/index.js';
import { visibleText } from '../../base/visibleText.js';

const { cache, 'no-cache': noCache } = scoringOptions;

const spec: CommandSpec = {
  name: 'recycle next',
  positionals: ['FILE'],
  summary: 'Show the round that is due: what its start is, what speaks for it, and advice. With --prepare, write the start.',
  options: {
    sweep: { type: 'boolean', help: 'Also look for the λ with the lowest loss.' },
    prepare: { type: 'boolean', help: 'Write the start and score nothing. Goes on where an interrupted run stopped.' },
    overwrite: { type: 'boolean', help: 'With --prepare: replace a start that was made of other models.' },
    cache,
    'no-cache': noCache,
    json: { type: 'boolean', help: 'Print the report as JSON.' },
  },
};

export const recycleNextCommand: Command = {
  spec,
  async run(options, io) {
    const path = options.positionals[0]!;
    if (options.flag('prepare')) return prepare(path, options, io);
    if (options.flag('overwrite')) throw new UsageError('--overwrite belongs to --prepare, which is missing.');
    const request = { path, sweep: options.flag('sweep'), cacheFolder: cacheFolder(options) };
    const report = await runJob('recycle/next', request, io);
    io.stdout(options.flag('json') ? `${toJson(printed(report))}\n` : describeNextReport(report, io));
    return 0;
  },
};

async function prepare(path: string, options: ParsedOptions, io: Io): Promise<0> {
  const request = { path, overwrite: options.flag('overwrite') };
  const status = await runJob('recycle/prepare', request, io);
  io.stdout(options.flag('json') ? `${toJson(status)}\n` : describeStatus(status, io));
  return 0;
}

/** Without the plan's tensors and what every single window scored. */
function printed({ status, plan, evidence, advice }: NextReport): object {
  const tasks = evidence?.tasks.map(({ previousBase, previousFineTune, base, start, ...rest }) => ({
    ...rest,
    previousBase: withoutItems(previousBase),
    previousFineTune: withoutItems(previousFineTune),
    base: withoutItems(base),
    start: withoutItems(start),
  }));
  const cost = plan === null ? null : { output: plan.output, readByteLength: plan.readByteLength, writeByteLength: plan.writeByteLength };
  return { status, start: cost, evidence: evidence === null ? null : { ...evidence, tasks }, advice };
}

const marks: Readonly<Record<Stance, string>> = { for: '+', against: '−', open: '?', remark: '·' };

/** What is known before a round, for a terminal. */
function describeNextReport({ status, plan, advice }: NextReport, io: Io): string {
  return [
    describeStatus(status, io),
    ...(plan === null ? [] : ['\nThe start:\n', describePlan(plan)]),
    ...(advice === null ? [] : [`\n${describeAdvice(advice)}`]),
  ].join('');
}

function describeAdvice({ advice, reasons }: Advice): string {
  const lines = reasons.map(({ stance, sentence }) => `  ${marks[stance]} ${visibleText(sentence)}\n`);
  return [`Advice: ${advice}.\n`, ...lines, '+ for recycling, − against it, ? open, · remark. You decide.\n'].join('');
}
