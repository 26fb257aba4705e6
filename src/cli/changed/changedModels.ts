import { join, relative } from 'node:path';
import { dirname } from 'node:path/posix';
import { exists } from '../../base/exists.js';
import type { Io } from '../io.js';
import { runJob } from '../runJob.js';
import { isWeights, type GitBase } from './gitBase.js';

/** A model with changed weights: its address in the working tree, and on each side; null where a side has none. */
export interface ChangedModel {
  /** Relative to the working tree. */
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** The models that changed files of weights belong to, of the commit and of the working tree. */
export async function changedModels(files: readonly string[], base: GitBase, io: Io): Promise<readonly ChangedModel[]> {
  const models: ChangedModel[] = [];
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const within = folder === '.' ? '' : folder;
    const [before, after] = [await base.bring(within), join(base.root, within)];
    const [a, b] = [await addressesIn(before, io), await addressesIn(after, io)];
    const isChanged = (name: string): boolean => !isWeights(name) || files.includes(within === '' ? name : `${within}/${name}`);
    const names = [...new Set([...a, ...b])].filter(isChanged);
    for (const name of names) {
      models.push({ name: join(within, name) || '.', a: at(before, name, a), b: at(after, name, b) });
    }
  }
  return models;
}

/** Addresses of what lies directly in a folder, relative to it. */
async function addressesIn(folder: string | null, io: Io): Promise<readonly string[]> {
  if (folder === null || !(await exists(folder))) return [];
  const { paths } = await runJob('checkpoint/discover', { folder, maximumDepth: 0 }, io);
  return paths.map((path) => relative(folder, path));
}

function at(folder: string | null, name: string, names: readonly string[]): string | null {
  return folder !== null && names.includes(name) ? join(folder, name) : null;
}
