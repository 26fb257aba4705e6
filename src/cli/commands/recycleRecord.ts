import { toJson } from '../../base/json/toJson.js';
import type { Command, CommandSpec } from '../command.js';
import { visibleText } from '../../base/visibleText.js';
import { formatNumber } from '../../base/format.js';
import { runJob } from '../runJob.js';

const spec: CommandSpec = {
  name: 'recycle record',
  positionals: ['FILE'],
  required: '--release RELEASE --finetuned MODEL',
  summary: 'Take a model that was trained elsewhere as the fine-tuned version of a release. It stays where it is.',
  options: {
    release: { type: 'string', value: 'RELEASE', help: 'Name of the release.' },
    finetuned: { type: 'string', value: 'MODEL', help: 'The fine-tuned checkpoint.' },
    plain: { type: 'boolean', help: 'It was fine-tuned from the base as it is, without recycling.' },
    overwrite: { type: 'boolean', help: 'Name it in place of another one, which stays on the disk.' },
    json: { type: 'boolean', help: 'Print the result as JSON.' },
  },
};

export const recycleRecordCommand: Command = {
  spec,
  async run(options, io) {
    const request = {
      path: options.positionals[0]!,
      release: options.required('release'),
      fineTune: options.flag('plain') ? ('plain' as const) : ('finetuned' as const),
      model: options.required('finetuned'),
      overwrite: options.flag('overwrite'),
    };
    const check = await runJob('recycle/record', request, io);
    const text = `${request.release}: ${request.model}, ‖Δ‖ = ${formatNumber(check.normDelta)}`;
    const warnings = check.remarks.map((remark) => `warning: ${visibleText(remark)}\n`);
    io.stdout(options.flag('json') ? `${toJson(check)}\n` : [`${visibleText(text)}\n`, ...warnings].join(''));
    return 0;
  },
};
