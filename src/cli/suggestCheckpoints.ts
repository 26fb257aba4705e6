import { relative } from 'node:path';
import { discoverCheckpoints } from '../checkpoint/index.js';
import { FileAccessError } from '../base/formatError.js';

const maximumDepth = 2;
const mostNamed = 5;

/** Where a folder without weights was given: the checkpoints below it, as a sentence that follows the error's. Else empty. */
export async function suggestCheckpoints(error: Error): Promise<string> {
  if (!(error instanceof FileAccessError)) return '';
  const { file } = error.fault;
  const paths = await discoverCheckpoints(file, { maximumDepth }).then(
    (discovery) => discovery.paths.filter((path) => path !== file),
    () => [], // no folder, or one that may not be read: the error says so
  );
  if (paths.length === 0) return '';
  const names = paths.slice(0, mostNamed).map((path) => relative(file, path));
  return ` Checkpoints in it: ${names.join(', ')}${paths.length > mostNamed ? ` and ${paths.length - mostNamed} more` : ''}.`;
}
