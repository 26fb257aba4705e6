import { basename, dirname, join } from 'node:path';
import { lineageSuffix } from '../file/lineageFile.js';

/** Which fine-tune of a release is made: the one of its round, or one of its base without recycling. */
export type FineTune = 'finetuned' | 'plain';

/** Where a release's own checkpoints and logs lie. */
export interface RoundPaths {
  readonly folder: string;
  /** The checkpoint that the round starts from. */
  readonly start: string;
  /** The fine-tuned version. */
  readonly result: string;
  /** Where the command writes it: always the same, so that a command can go on with its own. */
  readonly partial: string;
  readonly log: string;
  /** Of which there is one owner at a time: whoever trains. */
  readonly training: string;
}

/** The folder beside a lineage that holds what its rounds make: `name.rounds` of `name.lineage.json`. */
export function roundsFolder(file: string): string {
  const name = basename(file);
  const stem = name.endsWith(lineageSuffix) ? name.slice(0, -lineageSuffix.length) : basename(name, '.json');
  return join(dirname(file), `${stem}.rounds`);
}

export function roundPaths(file: string, release: string, fineTune: FineTune): RoundPaths {
  const folder = join(roundsFolder(file), release);
  const result = join(folder, fineTune);
  const stem = fineTune === 'finetuned' ? 'train' : 'train-plain';
  return {
    folder,
    start: join(folder, 'start'),
    result,
    partial: `${result}.partial`,
    log: join(folder, `${stem}.log`),
    training: join(folder, stem),
  };
}

/** Where a model that cannot be used is kept to be looked at: `finetuned.failed`, `finetuned.failed-2`, … */
export function failedPath({ result }: Pick<RoundPaths, 'result'>, attempt: number): string {
  return attempt === 1 ? `${result}.failed` : `${result}.failed-${attempt}`;
}
