import type { VerifyReport } from '../../combine/index.js';
import { mostWorkers } from '../options.js';
import type { Command, CommandSpec } from '../command.js';
import { visibleText } from '../../base/visibleText.js';
import { plural } from '../../base/format.js';
import { runJob } from '../runJob.js';

const spec: CommandSpec = {
  name: 'verify',
  positionals: ['DIR'],
  summary: 'Check an output of this tool against its manifest. Exit code 1 when anything differs.',
  options: {
    deep: { type: 'boolean', help: 'Also compute the combination again from its inputs and compare every value.' },
    workers: { type: 'string', value: 'N', help: 'Worker threads (default: one per processor, at most eight).' },
    json: { type: 'boolean', help: 'Print the report as JSON.' },
  },
};

export const verifyCommand: Command = {
  spec,
  async run(options, io) {
    const folder = options.positionals[0]!;
    const request = { folder, deep: options.flag('deep'), workers: options.wholeNumber('workers', 1, mostWorkers) };
    const report = await runJob('combine/verify', request, io);
    io.stdout(options.flag('json') ? `${JSON.stringify(report)}\n` : describe(folder, report));
    return report.differences.length > 0 ? 1 : 0;
  },
};

function describe(folder: string, { deep, tensorCount, differences, unlisted }: VerifyReport): string {
  const against = deep ? 'its manifest and its inputs' : 'its manifest';
  const note = unlisted.length === 0 ? '' : `note: not listed in the manifest and not looked at: ${unlisted.map(visibleText).join(', ')}\n`;
  if (differences.length === 0) return `${folder}: ${plural(tensorCount, 'tensor')} and all files agree with ${against}.\n${note}`;
  const lines = differences.map(({ kind, name, problem }) => `  ${kind} ${visibleText(name)}: ${visibleText(problem)}\n`);
  return `${folder}: ${plural(differences.length, 'difference')} from ${against}:\n${lines.join('')}${note}`;
}
