import { toJson } from '../../base/json/toJson.js';
import type { Command, CommandSpec } from '../command.js';
import type { Io } from '../io.js';
import type { ParsedOptions } from '../options.js';
import { describeRounds } from '../recycle/roundsText.js';
import { cacheFolder, scoringOptions } from '../scoringOptions.js';
import { runJob } from '../runJob.js';

const { cache, 'no-cache': noCache } = scoringOptions;

const spec: CommandSpec = {
  name: 'recycle compare',
  positionals: ['FILE'],
  isRepeatable: true,
  summary: 'Put the rounds of one or several lineages side by side: scores, norms of diff vectors, cosines from round to round.',
  notes: 'To compare strategies, keep a lineage for each and give all of them. Reads every base and fine-tuned version once.',
  options: {
    score: { type: 'boolean', help: 'First score every release anew; results that are kept are not computed again.' },
    cache,
    'no-cache': noCache,
    json: { type: 'boolean', help: 'Print the report as JSON.' },
  },
};

export const recycleCompareCommand: Command = {
  spec,
  async run(options, io) {
    const paths = options.positionals;
    if (options.flag('score')) for (const path of paths) await scoreAll(path, options, io);
    const report = await runJob('recycle/compare', { paths }, io);
    io.stdout(options.flag('json') ? `${toJson(report)}\n` : describeRounds(report, io));
    return 0;
  },
};

async function scoreAll(path: string, options: ParsedOptions, io: Io): Promise<void> {
  const { releases } = await runJob('recycle/status', { path }, io);
  for (const { name } of releases) {
    const request = { path, release: name, cacheFolder: cacheFolder(options) };
    await runJob('recycle/score', request, io);
  }
}
