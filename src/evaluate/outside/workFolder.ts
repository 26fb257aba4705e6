import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../base/makeFolder.js';
import { identifyProcess, stateOf } from '../../base/ownership/processIdentity.js';

/** Processes of another machine or container, with which the temporary folder may be shared, are not ours to judge. */
const prefix = `model-rebase-outside-${createHash('sha256').update(hostname()).digest('hex').slice(0, 8)}`;
/** Number of the process and, except for earlier versions, its start in the kernel's clock, where the system tells that. */
const ownName = new RegExp(`^${prefix}-(\\d+)(?:-(\\d+))?-\\w{6}$`);

/**
 * Runs `use` with a new empty folder below `root`, which is made if it has to be, that is removed afterwards, however `use` ends. What processes that were
 * killed have left there is removed first.
 */
export async function useWorkFolder<Result>(root: string, use: (folder: string) => Promise<Result>): Promise<Result> {
  await makeFolder(root);
  await removeLeftovers(root);
  const { pid, startTicks } = identifyProcess(process.pid);
  const folder = await mkdtemp(join(root, `${[prefix, pid, ...(startTicks === null ? [] : [startTicks])].join('-')}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function removeLeftovers(root: string): Promise<void> {
  const names = await readdir(root);
  const leftovers = names.filter((name) => {
    const [, pid, startTicks = null] = ownName.exec(name) ?? [];
    return pid !== undefined && stateOf({ ...identifyProcess(process.pid), pid: Number(pid), startTicks }) === 'ended';
  });
  // One that cannot be removed now does not prevent this run: the next one tries again.
  await Promise.allSettled(leftovers.map((name) => removeOwn(join(root, name))));
}

/** A temporary folder is shared: a name alone does not make a folder ours. */
async function removeOwn(path: string): Promise<void> {
  const stats = await lstat(path);
  const isOwn = process.getuid === undefined || stats.uid === process.getuid();
  if (stats.isDirectory() && isOwn) await rm(path, { recursive: true, force: true });
}
