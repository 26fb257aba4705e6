import { join } from 'node:path';

/** Absolute path of a built file: beside the running bundle, or in `dist/` when the sources run directly (tests). */
export function distFile(name: string): string {
  const runsFromSource = __filename.endsWith('.ts');
  return runsFromSource ? join(__dirname, '..', '..', 'dist', name) : join(__dirname, name);
}
