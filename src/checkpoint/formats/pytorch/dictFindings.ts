import { plural } from '../../../base/format.js';
import { nameList } from '../../../base/nameList.js';
import type { Finding } from '../../finding.js';
import type { StateDict } from './stateDict.js';

/**
 * Which of the dictionaries was taken, and what was not.
 * @param address that others are opened at by their keys; null where they cannot be
 */
export function dictFindings(file: string, { path, others, opaque, module }: StateDict, address: string | null): Finding[] {
  const info = (code: string, message: string): Finding => ({ severity: 'info', code, message, file });
  const besides = others.map(([key, count]) => `${key} (${plural(count, 'tensor')})`);
  return [
    ...(path.length === 0 ? [] : [info('nested-state-dict', `The tensors are those of ${JSON.stringify(path.join('.'))} in the file.`)]),
    ...(module === null ? [] : [info('whole-module', `An object of ${module} was saved whole; its parameters are read, its code is not.`)]),
    ...(besides.length === 0
      ? []
      : [
          info(
            'other-tensors',
            `Also in the file, but not opened: ${nameList(besides)}. ${address === null ? '' : `Name ${address}#${others[0]![0]} for them.`}`,
          ),
        ]),
    ...(opaque.length === 0 ? [] : [info('no-tensors-among', `Not read, since they are no tensors: ${nameList(opaque)}.`)]),
  ];
}
