import { basename } from 'node:path';

/** Short name of a model for titles: the folder's, or the file's without its extension. */
export function modelName(path: string): string {
  return basename(path, '.safetensors');
}
