import { toJson } from '../../base/json/toJson.js';
import type { Command, CommandSpec } from '../command.js';
import { describeStatus } from '../recycle/statusText.js';
import { runJob } from '../runJob.js';

const spec: CommandSpec = {
  name: 'recycle add',
  positionals: ['FILE'],
  required: '--name RELEASE --base MODEL',
  summary: 'Add a base release to a lineage, behind the others.',
  options: {
    name: { type: 'string', value: 'RELEASE', help: 'A short name, such as v2.' },
    base: { type: 'string', value: 'MODEL', help: 'The base checkpoint.' },
    finetuned: { type: 'string', value: 'MODEL', help: 'Its fine-tuned version, where there is one already.' },
    json: { type: 'boolean', help: 'Print the lineage as JSON.' },
  },
};

export const recycleAddCommand: Command = {
  spec,
  async run(options, io) {
    const release = { name: options.required('name'), base: options.required('base'), finetuned: options.value('finetuned') };
    const request = { path: options.positionals[0]!, release };
    const status = await runJob('recycle/add', request, io);
    io.stdout(options.flag('json') ? `${toJson(status)}\n` : describeStatus(status, io));
    return 0;
  },
};
