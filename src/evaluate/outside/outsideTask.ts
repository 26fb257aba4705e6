import { basename } from 'node:path';
import { keyOf } from '../cache/index.js';
import type { ReportTask } from '../report/index.js';
import type { OutsideCommand } from '../request.js';
import { formatCommandLine } from '../../base/process/commandLine.js';

/** A command as a task of a report: `lm_eval results.gsm8k.acc`. */
export function outsideTask({ command, value }: OutsideCommand): ReportTask {
  const program = basename(command[0] ?? '');
  return {
    name: value === '' ? program : `${program} ${value}`,
    path: formatCommandLine(command),
    kind: 'outside',
    hash: keyOf({ command, value }),
  };
}
