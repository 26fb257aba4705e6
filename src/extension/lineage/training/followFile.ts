import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 150;
const chunkBytes = 64 * 1024;

/**
 * Hands on a growing file as text, from its beginning until `ended` resolves and all of it is read.
 * @throws when the file cannot be read
 */
export async function followFile(path: string, onText: (text: string) => void, ended: Promise<number>): Promise<void> {
  const file = await open(path, 'r');
  try {
    const decoder = new TextDecoder();
    const readOn = (): Promise<void> => readToEnd(file, (bytes) => onText(decoder.decode(bytes, { stream: true })));
    while ((await Promise.race([delay(pollMs, 'grows'), ended])) === 'grows') await readOn();
    await readOn();
  } finally {
    await file.close();
  }
}

/** Reads on from where the file was left. */
async function readToEnd(file: FileHandle, onBytes: (bytes: Uint8Array) => void): Promise<void> {
  const buffer = new Uint8Array(chunkBytes);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, chunkBytes);
    if (bytesRead === 0) return;
    onBytes(buffer.subarray(0, bytesRead));
  }
}
