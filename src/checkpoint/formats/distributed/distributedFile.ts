import { FormatError } from '../../../base/formatError.js';
import type { Format } from '../format.js';

export const metadataName = '.metadata';
export const partSuffix = '.distcp';

/** Both ends of a part: many small files of torch.save follow each other in it. */
const sampleLength = 64 * 1024;

/** The files of a distributed checkpoint, none of which is one alone. */
export const distributed: Format = {
  id: 'distributed',
  name: 'torch.distributed.checkpoint',
  suffixes: [metadataName, partSuffix],
  recognises: () => false,
  read: ({ name: file }) => {
    const problem = 'it is one file of a distributed checkpoint';
    return Promise.reject(new FormatError({ file, problem, remedy: 'Name the folder that holds all of them.' }));
  },
  descriptionSpans: ({ byteLength }) =>
    Promise.resolve([
      [0, Math.min(sampleLength, byteLength)],
      [Math.max(0, byteLength - sampleLength), byteLength],
    ]),
};
