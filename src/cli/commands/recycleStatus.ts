import { toJson } from '../../base/json/toJson.js';
import type { Command, CommandSpec } from '../command.js';
import { describeStatus } from '../recycle/statusText.js';
import { runJob } from '../runJob.js';

const spec: CommandSpec = {
  name: 'recycle status',
  positionals: ['FILE'],
  summary: 'Compare a lineage with the disk. Exit code 1 when models are missing or changed, or the file says what is not so.',
  options: { json: { type: 'boolean', help: 'Print the status as JSON.' } },
};

export const recycleStatusCommand: Command = {
  spec,
  async run(options, io) {
    const status = await runJob('recycle/status', { path: options.positionals[0]! }, io);
    io.stdout(options.flag('json') ? `${toJson(status)}\n` : describeStatus(status, io));
    const isSound = status.disagreements.length === 0 && status.releases.every(({ problems }) => problems.length === 0);
    return isSound ? 0 : 1;
  },
};
