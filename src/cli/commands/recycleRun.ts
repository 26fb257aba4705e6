import { toJson } from '../../base/json/toJson.js';
import { PlaceOwnedError } from '../../base/ownership/placeErrors.js';
import type { RunRoundResult } from '../../engine/index.js';
import { TrainingUnderWayError } from '../../recycle/index.js';
import type { Command, CommandSpec } from '../command.js';
import type { Io } from '../io.js';
import { describeNext, describeStatus } from '../recycle/statusText.js';
import { cacheFolder, scoringOptions } from '../scoringOptions.js';
import { visibleText } from '../../base/visibleText.js';
import { runJob } from '../runJob.js';

const { cache, 'no-cache': noCache } = scoringOptions;

const spec: CommandSpec = {
  name: 'recycle run',
  positionals: ['FILE'],
  summary: "Run the round that is due: write its start, fine-tune it with the lineage's command, check and score the result.",
  notes: [
    'What the command prints goes to stderr and to a log beside the model. Run again after an interruption: what is done is',
    'not done again, and the command gets the same {out} with what it has written there.',
  ].join('\n'),
  options: {
    plain: { type: 'boolean', help: 'Instead, fine-tune the first base that has no plain fine-tune, for comparison.' },
    'take-over': {
      type: 'boolean',
      help: 'Go on although another process is said to be at it. Only when you know that it has ended.',
    },
    'no-score': { type: 'boolean', help: "Do not score the round's models afterwards." },
    cache,
    'no-cache': noCache,
    json: { type: 'boolean', help: 'Print the result as JSON.' },
  },
};

export const recycleRunCommand: Command = {
  spec,
  async run(options, io) {
    const path = options.positionals[0]!;
    const request = {
      path,
      plain: options.flag('plain'),
      score: !options.flag('no-score'),
      takeOver: options.flag('take-over'),
      cacheFolder: cacheFolder(options),
    };
    io.onKill(() => 'What the command wrote stays where it is: run again to go on.');
    const result = await runJob('recycle/run', request, io).catch((error: unknown) => {
      throw withRemedy(error);
    });
    io.stdout(options.flag('json') ? `${toJson(result)}\n` : describe(result, io));
    return 0;
  },
};

function withRemedy(error: unknown): unknown {
  const isOwned = error instanceof PlaceOwnedError || error instanceof TrainingUnderWayError;
  return isOwned ? new Error(`${error.message} On the command line: --take-over, if you know that it has ended.`, { cause: error }) : error;
}

function describe({ trained, status, scoringProblem }: RunRoundResult, io: Io): string {
  if (trained === null) return `${visibleText(describeNext(status.next))}\n`;
  const warnings = [...trained.remarks, ...(scoringProblem === null ? [] : [`The models were not scored: ${scoringProblem}`])];
  return [
    `${visibleText(trained.release)}: ${visibleText(trained.path)}\n`,
    ...warnings.map((warning) => `warning: ${visibleText(warning)}\n`),
    `\n${describeStatus(status, io)}`,
  ].join('');
}
