import { closeSync, openSync, writeSync } from 'node:fs';
import { corpusFile, corpusSize } from './corpus.js';

/** Writes the corpus for the Python oracle: each file as its length in four little-endian bytes, then its bytes. */
function emit(path: string): void {
  const output = openSync(path, 'w');
  for (let index = 0; index < corpusSize; index++) {
    const file = corpusFile(index);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(file.byteLength);
    writeSync(output, Buffer.concat([length, file]));
  }
  closeSync(output);
}

emit(process.argv[2] ?? 'corpus.bin');
