import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for the files of one `describe` block, made before its tests and removed after them. */
export function temporaryFolder(): (...names: readonly string[]) => string {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-rebase-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return (...names) => join(folder, ...names);
}
