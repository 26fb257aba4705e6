import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { buildRawSafetensors } from '../../support/safetensorsFile.js';

const bytes = 24e9;

/** Writes a model of 24 GB as a sparse file: it takes no disk, but comparing it must read all of it, for many seconds. */
export function writeLargeModel(path: string): void {
  const shape = [bytes / 4 / 1000, 1000];
  const header = buildRawSafetensors(`{"w":{"dtype":"F32","shape":${JSON.stringify(shape)},"data_offsets":[0,${bytes}]}}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, header);
  truncateSync(path, header.byteLength + bytes);
}
