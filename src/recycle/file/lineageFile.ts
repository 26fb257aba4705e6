import nodePath, { dirname, resolve, type PlatformPath } from 'node:path';
import { addressInFile, mapTerms } from '../../checkpoint/index.js';
import { formatJson, indentationOf } from './formatJson.js';
import type { Lineage, Release } from './lineage.js';
import { LineageError } from './lineageError.js';
import { parseLineage } from './parseLineage.js';
import { isRecord, parseJsonText } from '../../base/json/record.js';
import { readText, readTextIfPresent } from '../../base/readFile.js';
import { writeWhole } from '../../base/writeWhole.js';
import { problemOf, systemCode } from '../../base/fileAccess.js';

export const lineageSuffix = '.lineage.json';

/** A lineage as it was read, with everything else that its file holds. */
export interface LineageFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly lineage: Lineage;
}

/** New values of a release's fields; undefined ones are left as they are, null ones are removed. */
export type ReleaseChange = { readonly [Field in Exclude<keyof Release, 'name'>]?: Release[Field] | null | undefined };

/** @throws FileAccessError when it cannot be read, LineageError when it is no lineage */
export async function readLineage(path: string): Promise<LineageFile> {
  const absolute = resolve(path);
  const text = await readText(absolute);
  return { path: absolute, text, lineage: parseLineage(text, absolute) };
}

/** What the maker of a lineage decides; its releases come later. */
export type NewLineage = Pick<Lineage, 'strategy' | 'tasks' | 'command' | 'scoring'>;

/** Makes the file of a new lineage. @throws LineageError when there is one */
export async function createLineage(path: string, { strategy, tasks, command, scoring }: NewLineage): Promise<LineageFile> {
  const absolute = resolve(path);
  const choices = { scoring: withoutEmpty(scoring), command };
  const root = { format: 'model-rebase.lineage', version: 1, strategy, tasks, ...withoutEmpty(choices), releases: [] };
  const text = `${formatJson(root)}\n`;
  parseLineage(text, absolute);
  await writeWhole(absolute, text, { overwrite: false }).catch((error: unknown) => {
    throw systemCode(error) === 'EEXIST' ? existsAlready(absolute) : unwritable(absolute, error);
  });
  return readLineage(absolute);
}

/** Adds a release behind the others. @throws LineageError */
export function appendRelease(file: LineageFile, release: Partial<Release> & Pick<Release, 'name' | 'base'>): Promise<LineageFile> {
  return rewrite(file, (root) => releasesOf(root).push(withoutEmpty(release)));
}

/** Changes fields of releases, by their names; everything else in the file stays. @throws LineageError */
export function changeReleases(file: LineageFile, changes: Readonly<Record<string, ReleaseChange>>): Promise<LineageFile> {
  return rewrite(file, (root) => {
    for (const [index, { name }] of file.lineage.releases.entries()) {
      const release = releasesOf(root)[index] as Record<string, unknown>; // as it was parsed
      for (const [field, value] of Object.entries(changes[name] ?? {})) if (value !== undefined) release[field] = value ?? undefined;
      moveToEnd(release, ['dates', 'scores', 'inputs']);
    }
  });
}

/** What is long and rarely read comes last. */
function moveToEnd(release: Record<string, unknown>, fields: readonly string[]): void {
  for (const field of fields.filter((name) => Object.hasOwn(release, name))) {
    const value = release[field];
    Reflect.deleteProperty(release, field);
    release[field] = value;
  }
}

/** A path as the file is to name it: relative to its folder, with slashes. */
export function pathInFile(file: string, path: string, platform: PlatformPath = nodePath): string {
  const folder = platform.dirname(file);
  return mapTerms(path, (address) => (platform.relative(folder, platform.resolve(address)) || '.').split(platform.sep).join('/'));
}

/** The absolute path that the file means. */
export function pathFromFile(file: string, path: string): string {
  return addressInFile(path, dirname(file));
}

/** Every path that the file names, absolute: of models and of tasks. */
export function namedPaths({ path, lineage }: Pick<LineageFile, 'path' | 'lineage'>): string[] {
  const models = lineage.releases.flatMap(({ base, finetuned, plain, start }) => [base, finetuned, plain, start]);
  return [...models, ...lineage.tasks].flatMap((written) => (written === null ? [] : [pathFromFile(path, written)]));
}

async function rewrite(file: LineageFile, change: (root: Record<string, unknown>) => void): Promise<LineageFile> {
  const root = parseJsonText(file.text);
  if (!isRecord(root)) throw new Error('internal: a lineage is an object');
  change(root);
  const text = `${formatJson(root, indentationOf(file.text))}\n`;
  parseLineage(text, file.path);
  if (text === file.text) return file;
  await replaceText(file, text);
  return readLineage(file.path);
}

async function replaceText(file: LineageFile, text: string): Promise<void> {
  await writeWhole(file.path, text, { overwrite: true, check: () => requireUnchanged(file) }).catch((error: unknown) => {
    throw error instanceof LineageError ? error : unwritable(file.path, error);
  });
}

async function requireUnchanged({ path, text }: LineageFile): Promise<void> {
  const now = await readTextIfPresent(path);
  if (now === text) return;
  throw new LineageError({
    file: path,
    place: '',
    expected: 'the file as it was read',
    found: now === null ? 'no file' : 'another text, written meanwhile',
    remedy: 'Nothing was written to it. Run the command again.',
  });
}

function releasesOf(root: Record<string, unknown>): unknown[] {
  return root['releases'] as unknown[]; // a lineage that was parsed has a list there
}

function withoutEmpty(fields: object): object {
  const isEmpty = (value: unknown): boolean =>
    value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

function unwritable(file: string, cause: unknown): Error {
  const reason = problemOf(cause, 'writing');
  return new Error(`${file}: cannot be written (${reason}). It is as it was; check the folder's permissions and free space.`, { cause });
}

function existsAlready(file: string): LineageError {
  const remedy = 'Choose another name, or go on with "model-rebase recycle add".';
  return new LineageError({ file, place: '', expected: 'no such file', found: 'one that exists already', remedy });
}
