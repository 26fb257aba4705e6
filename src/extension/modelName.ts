import { basename } from 'node:path';
import { distinctNames } from '../base/distinctNames.js';

/** Short name of a model for titles: the folder's, or the file's without its extension. */
export function modelName(path: string): string {
  return basename(path, '.safetensors');
}

/** Short names of models that are shown together, in their order: with folders before those that are called alike. */
export function modelNames(paths: readonly string[]): string[] {
  return distinctNames(paths, modelName);
}
