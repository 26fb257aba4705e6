import { resolve } from 'node:path';
import { bosChoices } from '../../model/tokenizer/index.js';
import { toJson } from '../../base/json/toJson.js';
import { lineageSuffix, pathInFile, strategies } from '../../recycle/index.js';
import type { Command, CommandSpec } from '../command.js';
import { readFromUser, UsageError } from '../io.js';
import type { ParsedOptions } from '../options.js';
import { describeStatus } from '../recycle/statusText.js';
import { scoringOptions } from '../scoringOptions.js';
import { parseCommandLine } from '../../base/process/commandLine.js';
import { runJob } from '../runJob.js';

const { task, window, stride, limit, bos } = scoringOptions;

const spec: CommandSpec = {
  name: 'recycle init',
  positionals: ['FILE'],
  trailing: 'COMMAND ARGUMENTS',
  summary: 'Begin a lineage: a file that keeps releases, rounds and scores of recycling-then-finetuning.',
  notes: [
    `FILE ends in ${lineageSuffix}. The command fine-tunes {start} and writes the result to {out}; {base} and {release} are`,
    'known as well. It starts in the folder of FILE, without a shell, and its exit code 0 says that the model is complete.',
  ].join('\n'),
  options: {
    strategy: { type: 'string', value: strategies.join('|'), help: 'What rounds start from (default iterative): see the README.' },
    task,
    window,
    stride,
    limit,
    bos,
    command: { type: 'string', value: 'COMMAND', help: 'The command as one text, instead of after "--".' },
    json: { type: 'boolean', help: 'Print the lineage as JSON.' },
  },
};

export const recycleInitCommand: Command = {
  spec,
  async run(options, io) {
    const path = resolve(options.positionals[0]!);
    if (!path.endsWith(lineageSuffix)) throw new UsageError(`FILE has to end in ${lineageSuffix}, but got "${options.positionals[0]!}".`);
    const lineage = {
      strategy: options.choice('strategy', strategies),
      tasks: options.values('task').map((file) => pathInFile(path, file)),
      scoring: {
        window: options.wholeNumber('window', 2),
        stride: options.wholeNumber('stride', 1),
        limit: options.wholeNumber('limit', 1),
        bos: options.flag('bos') ? options.choice('bos', bosChoices) : null,
      },
      command: readCommand(options),
    };
    const status = await runJob('recycle/init', { path, lineage }, io);
    io.stdout(options.flag('json') ? `${toJson(status)}\n` : describeStatus(status, io));
    return 0;
  },
};

function readCommand(options: ParsedOptions): readonly string[] | null {
  const [line, words] = [options.value('command'), options.positionals.slice(1)];
  if (line !== null && words.length > 0) throw new UsageError('The command is given twice: with --command and after "--".');
  if (line !== null) return readFromUser(() => parseCommandLine(line));
  return words.length > 0 ? words : null;
}
