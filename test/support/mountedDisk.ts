import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';

/** A file system in memory, mounted for a test. */
export interface MountedDisk {
  readonly folder: string;
  unmount(): void;
}

/** Mounts a tmpfs with `options` (`size=8m`, `ro`) at the new folder `folder`; null where that is not permitted or not known. */
export function mountDisk(folder: string, options: string): MountedDisk | null {
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'model-rebase-test', folder], { stdio: 'pipe' });
  } catch {
    rmdirSync(folder);
    return null;
  }
  return {
    folder,
    unmount: () => {
      execFileSync('umount', [folder]);
      rmdirSync(folder);
    },
  };
}
