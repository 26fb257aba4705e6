import { extname } from 'node:path';
import { runFromJson, runToCsv, runToJson, runToMarkdown, type ConnectivityRun, type LineRun } from '../connectivity/index.js';
import { UsageError } from './io.js';
import { isPicture } from './reportFile.js';
import type { ParsedOptions } from './options.js';
import { maxTextBytes, readText } from '../base/readFile.js';

/** A run in the format that the name's ending asks for. */
export async function runText(run: ConnectivityRun, path: string): Promise<string> {
  if (run.kind !== 'plane' && isPicture(path)) return (await import('../pictures/index.js')).runPicture(run);
  const ending = extname(path).toLowerCase();
  if (ending === '.csv') return runToCsv(run);
  return ending === '.md' ? runToMarkdown(run) : `${runToJson(run)}\n`;
}

/** The run that `--extend` names; null without it. @throws UsageError when it is not one of a line; as `runFromJson` */
export async function readExtended(options: ParsedOptions): Promise<LineRun | null> {
  const path = options.value('extend');
  if (path === null) return null;
  const run = runFromJson(await readText(path, { maxBytes: maxTextBytes }), path);
  if (run.kind === 'line') return run;
  throw new UsageError(`--extend takes a run of a curve or a sweep, but ${path} is one of a ${run.kind}.`);
}
