import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the one who owns an output in the making. */
export function jobFolder(output: string): string {
  const [id] = readdirSync(`${output}.partial`);
  return join(`${output}.partial`, id!);
}

/** Where an output in the making lies. */
export function madeFolder(output: string): string {
  return join(jobFolder(output), 'output');
}
