import { accessSync, constants, statSync, type Stats } from 'node:fs';
import { dirname, extname } from 'node:path';
import { reportToCsv, reportToJson, reportToMarkdown, type DiffReport } from '../compare/report/index.js';
import { isDiskFull } from '../compute/index.js';
import { UsageError } from './io.js';
import { writeWhole } from '../base/writeWhole.js';
import { problemOf, systemCode } from '../base/fileAccess.js';

/** Fails before the long work, not after it, where the report could not be saved. @throws UsageError, Error when a file is there */
export function requireReportPlace(path: string, overwrite: boolean): void {
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

/** Writes the report in the format that the name's ending asks for. @throws Error when it cannot be written */
export function saveReport(report: DiffReport, path: string, overwrite: boolean): Promise<void> {
  return saveText(render(report, path), path, overwrite);
}

/** Writes the text of a report, whole or not at all. @throws Error when it cannot be written */
export async function saveText(text: string, path: string, overwrite: boolean): Promise<void> {
  try {
    await writeWhole(path, text, { overwrite });
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw existsAlready(path, { cause: error });
    const reason = isDiskFull(error) ? 'the disk is full' : problemOf(error, 'writing');
    throw new Error(`${path}: the report cannot be written (${reason}). Choose another place with --out.`, { cause: error });
  }
}

function existsAlready(path: string, options?: ErrorOptions): Error {
  return new Error(`${path}: exists already. Choose another name, or add --overwrite to replace it.`, options);
}

function render(report: DiffReport, path: string): string {
  if (extname(path).toLowerCase() === '.csv') return reportToCsv(report);
  return extname(path).toLowerCase() === '.md' ? reportToMarkdown(report) : `${reportToJson(report)}\n`;
}
