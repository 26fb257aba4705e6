import { open } from 'node:fs/promises';
import { systemCode, writing } from './fileAccess.js';

/** What file systems answer that know no such call for folders: they order changes of names themselves. */
const unsupportedCodes: readonly unknown[] = ['EINVAL', 'EBADF', 'EISDIR', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES', 'EPERM'];

/** Makes the names in a folder durable, where its file system can. Windows has no such call. @throws FileAccessError */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await syncFile(path).catch((error: unknown) => {
    if (!unsupportedCodes.includes(systemCode(error))) throw error;
  });
}

/** Makes the bytes of a file durable. @throws FileAccessError */
export async function syncFile(path: string): Promise<void> {
  const handle = await writing(path, open(path, 'r'), 'opened');
  try {
    await writing(path, handle.sync(), 'written to the disk');
  } finally {
    await handle.close();
  }
}
