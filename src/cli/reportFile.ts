import { accessSync, constants, statSync, type Stats } from 'node:fs';
import { dirname, extname } from 'node:path';
import { reportToCsv, reportToJson, reportToMarkdown, type DiffReport } from '../compare/report/index.js';
import { rulesToMarkdown, type RuleResult } from '../compare/rules/index.js';
import { isDiskFull } from '../compute/index.js';
import { UsageError } from './io.js';
import { problemOf, systemCode } from '../base/fileAccess.js';
import { FilePlace } from '../base/writeWhole.js';

/**
 * Does the work that leads to reports while this process owns their places. What could prevent a report from being saved is told
 * before the work, not after it.
 * @param work gets what saves a text at one of the places, whole or not at all
 * @throws UsageError, PlaceOwnedError, Error when a file is there or a report cannot be written
 */
export async function withReportPlaces<Result>(
  paths: readonly string[],
  overwrite: boolean,
  work: (save: (path: string, text: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  for (const path of paths) requireReportPlace(path, overwrite);
  const places = new Map<string, FilePlace>();
  const save = async (path: string, text: string): Promise<void> => places.get(path)?.write(text, { overwrite });
  try {
    for (const path of paths) places.set(path, await FilePlace.claim(path).catch((error: unknown) => fail(path, error)));
    return await work((path, text) => save(path, text).catch((error: unknown) => fail(path, error)));
  } finally {
    for (const place of places.values()) await place.release();
  }
}

/** A report under these names would be no picture. */
const otherPictures = ['.png', '.jpg', '.jpeg', '.gif', '.webp', '.pdf', '.svgz'];

function requireReportPlace(path: string, overwrite: boolean): void {
  const ending = extname(path).toLowerCase();
  if (otherPictures.includes(ending))
    throw new UsageError(
      `--out writes pictures as SVG, not as ${ending}. Name a file *.svg, which every browser and drawing program converts.`,
    );
  const folder = dirname(path);
  const parent = statOf(folder);
  if (parent === null) throw new UsageError(`--out names a file in ${folder}, which does not exist.`);
  if (!parent.isDirectory()) throw new UsageError(`--out names a file in ${folder}, which is not a folder.`);
  if (!isWritable(folder)) throw new UsageError(`--out names a file in ${folder}, which you may not write to.`);
  const existing = statOf(path);
  if (existing?.isDirectory()) throw new UsageError(`--out takes the name of a file, but ${path} is a folder.`);
  if (existing !== null && !overwrite) throw existsAlready(path);
}

/** @throws UsageError for a name that is too long; other reasons count as absence */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch (error) {
    if (systemCode(error) === 'ENAMETOOLONG') throw new UsageError(`--out is too long for a name of a file: ${path}.`, { cause: error });
    return null;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fail(path: string, error: unknown): never {
  const code = systemCode(error);
  if (code === null) throw error;
  if (code === 'EEXIST') throw existsAlready(path, { cause: error });
  const reason = isDiskFull(error) ? 'the disk is full' : problemOf(error, 'writing');
  throw new Error(`${path}: the report cannot be written (${reason}). Choose another place with --out.`, { cause: error });
}

function existsAlready(path: string, options?: ErrorOptions): Error {
  return new Error(`${path}: exists already. Choose another name, or add --overwrite to replace it.`, options);
}

/** Whether a name asks for a picture. */
export function isPicture(path: string): boolean {
  return extname(path).toLowerCase() === '.svg';
}

/** The report in the format that the name's ending asks for. In Markdown, what came of rules stands below it. */
export async function reportText(report: DiffReport, rules: readonly RuleResult[], path: string): Promise<string> {
  if (isPicture(path)) return (await import('../pictures/index.js')).diffPicture(report);
  if (extname(path).toLowerCase() === '.csv') return reportToCsv(report);
  return extname(path).toLowerCase() === '.md' ? `${reportToMarkdown(report)}${rulesToMarkdown(rules)}` : `${reportToJson(report)}\n`;
}
