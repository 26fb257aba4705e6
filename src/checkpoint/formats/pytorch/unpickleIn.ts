import { FormatError } from '../../../base/formatError.js';
import { PickleFault, unpickle, type Unpickled } from '../pickle/index.js';

/** What a pickle of names, shapes and places may take: two hundred thousand tensors have less. */
export const maxPickleLength = 128 * 1024 * 1024;

/** As `unpickle`. @param base byte of the file at which the bytes begin @throws FormatError */
export function unpickleIn(file: string, bytes: Uint8Array, base = 0): Unpickled {
  try {
    return unpickle(bytes);
  } catch (error) {
    if (!(error instanceof PickleFault)) throw error;
    throw pickleError(file, error, base);
  }
}

export function pickleError(file: string, { problem, position }: PickleFault, base: number): FormatError {
  return new FormatError({
    file,
    problem: `the pickle is damaged: ${problem}`,
    offset: base + position,
    remedy: 'Download or save the file again.',
  });
}
