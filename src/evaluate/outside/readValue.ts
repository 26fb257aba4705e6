import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { lastJsonObject, lastNumber, parseLenientJson } from './jsonOutput.js';
import { OutsideCommandError, withLastLines } from '../../base/process/outsideCommandError.js';
import type { ProcessEnd } from '../../base/process/runProcess.js';
import { numberAt } from './valuePath.js';
import { formatBytes } from '../../base/format.js';
import { readText } from '../../base/readFile.js';

const mostFileBytes = 64 * 1024 * 1024;

/**
 * The number in what a command printed: without a path, the last line that is a number and nothing else; with one, in the
 * last JSON object.
 * @throws OutsideCommandError
 */
export function valueInOutput({ stdout, lastLines }: ProcessEnd, path: string): number {
  const root = path === '' ? lastNumber(stdout) : lastJsonObject(stdout);
  if (root !== null) return numberAt(root, path, "the command's output");
  const expected = path === '' ? 'no line that is just a number' : `no JSON object for the value path ${path}`;
  const remedy = 'Let it print one at its end, or write its result to {output}.';
  throw withLastLines(`The command printed ${expected}. ${remedy}`, lastLines);
}

/**
 * The number in the file that a command wrote: the only `.json` file below the folder, since commands add dates to names
 * and make folders of them.
 * @throws OutsideCommandError
 */
export async function valueInFile(folder: string, path: string, { lastLines }: ProcessEnd): Promise<number> {
  const names = await jsonFiles(folder);
  const [name] = names;
  if (name === undefined)
    throw withLastLines('The command wrote no .json file to {output}. Check the argument that names its output.', lastLines);
  if (names.length > 1)
    throw new OutsideCommandError(
      `The command wrote ${names.length} .json files to {output}: ${names.join(', ')}. Let it write one, or print its result.`,
    );
  return numberAt(await readJson(join(folder, name), name), path, name);
}

async function jsonFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.json'));
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name))).sort();
}

async function readJson(path: string, name: string): Promise<unknown> {
  const { size } = await stat(path);
  if (size > mostFileBytes)
    throw new OutsideCommandError(
      `The command's result ${name} has ${formatBytes(size)}; at most ${formatBytes(mostFileBytes)} are read. Let it write less.`,
    );
  const text = await readText(path, { maxBytes: mostFileBytes });
  try {
    return parseLenientJson(text);
  } catch (error) {
    throw new OutsideCommandError(
      `The command's result ${name} is no JSON: ${(error as SyntaxError).message}. Let the command write a JSON document to {output}.`,
      { cause: error },
    );
  }
}
