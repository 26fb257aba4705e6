import type { FileReader } from './fileReader.js';
import type { LoadTask } from './task.js';

/** Reads files into shared memory, from where any worker takes them. @returns the number of bytes read */
export function loadSlices({ memory, slices }: LoadTask, reader: FileReader): number {
  for (const { slice, at } of slices) reader.read(slice, new Uint8Array(memory, at, slice.byteLength));
  return slices.reduce((sum, { slice }) => sum + slice.byteLength, 0);
}
