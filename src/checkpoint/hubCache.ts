import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ifPresent, toAccessError } from '../base/fileAccess.js';
import { FileAccessError } from '../base/formatError.js';
import { shortList } from '../base/nameList.js';
import { readTextIfPresent } from '../base/readFile.js';
import { fileTitle, parseIndexName, parseWeightsName } from './weightsName.js';

/**
 * The cache of `huggingface_hub`: `models--ORG--NAME/snapshots/COMMIT/…`, whose files are links into `blobs/`, and
 * `refs/NAME`, which hold commits. Source: https://huggingface.co/docs/huggingface_hub/guides/manage-cache.
 */
const repositoryFolder = /^models--(?:(.+?)--)?(.+)$/;
const shortCommit = 7;
const hubName = 'hub';

/** `org/name` of a repository's folder in a cache; null for other names. */
function repositoryName(folder: string): string | null {
  const match = repositoryFolder.exec(folder);
  return match === null ? null : [match[1], match[2]].filter((part) => part !== undefined).join('/');
}

/** What a path within a cache is about. */
interface CachePlace {
  readonly repository: string;
  /** The commit of the snapshot; null outside of `snapshots`. */
  readonly commit: string | null;
  /** What follows. */
  readonly rest: string;
}

function parseCachePath(path: string): CachePlace | null {
  const [, folder = '', rest = ''] = /(?:^|[/\\])(models--[^/\\#]+)((?:[/\\#].*)?)$/.exec(path) ?? [];
  const repository = repositoryName(folder);
  if (repository === null) return null;
  const [, commit = null, place = rest] = /^[/\\]snapshots[/\\]([^/\\#]+)(.*)$/.exec(rest) ?? [];
  return { repository, commit, rest: place.replaceAll('\\', '/') };
}

/** Whether an address lies in a cache. */
export function isInCache(address: string): boolean {
  return parseCachePath(address) !== null;
}

/** `org/name` of what lies in a cache as a whole; null for parts of it and for other addresses. */
export function hubNameOf(address: string): string | null {
  const place = parseCachePath(address);
  return place === null || !/^(?:#[^#/]*)?$/.test(place.rest) ? null : place.repository;
}

/** `org/name@1a2b3c4` for what lies in a cache, with its place in the revision behind it; null for other addresses. */
export function cacheTitle(address: string): string | null {
  const place = parseCachePath(address);
  if (place === null) return null;
  const { repository, commit, rest } = place;
  if (commit !== null) return `${repository}@${commit.slice(0, shortCommit)}${withoutFileSuffix(rest)}`;
  if (rest === '') return repository;
  return rest.startsWith('#') ? `${repository}@${rest.slice(1)}` : null;
}

function withoutFileSuffix(place: string): string {
  const start = place.lastIndexOf('/') + 1;
  return place.slice(0, start) + (fileTitle(place.slice(start))?.stem ?? place.slice(start));
}

/** How files that a cache lacks are had, as a sentence; null for folders that are in no cache. */
export function downloadRemedy(folder: string): string | null {
  const place = parseCachePath(folder);
  if (place === null) return null;
  const revision = place.commit === null ? '' : ` --revision ${place.commit}`;
  return `Download them: hf download ${place.repository}${revision}`;
}

/** A folder that is in no cache, or the snapshot that a cache's folder stands for, with the parts that are left. */
interface Resolved {
  readonly folder: string;
  readonly parts: readonly string[];
}

/**
 * Goes from a cache to a repository and from a repository to a snapshot: `HUB#org/name`, `HUB#org/name@revision`,
 * `models--org--name#revision`. Without a part the only repository and `refs/main` are meant. Other folders stay as they are.
 * @throws FileAccessError when nothing says which repository or revision is meant, or it was not downloaded
 */
export async function resolveCache(path: string, parts: readonly string[]): Promise<Resolved> {
  const names = await namesIn(path);
  if (repositoryName(basename(path)) !== null && names.includes('snapshots')) return resolveRepository(path, parts);
  if (names.some((name) => parseWeightsName(name) !== null || parseIndexName(name) !== null)) return { folder: path, parts };
  const repositories = new Map(names.flatMap((name): [string, string][] => pairOf(name)));
  if (repositories.size === 0 && names.includes(hubName)) return resolveHome(path, parts);
  return repositories.size === 0 ? { folder: path, parts } : resolveHub(path, repositories, parts);
}

/** `HF_HOME` holds the cache of models beside others. */
async function resolveHome(home: string, parts: readonly string[]): Promise<Resolved> {
  const hub = join(home, hubName);
  const names = (await ifPresent(namesIn(hub))) ?? [];
  return names.some((name) => repositoryName(name) !== null) ? resolveCache(hub, parts) : { folder: home, parts };
}

function pairOf(folder: string): [string, string][] {
  const name = repositoryName(folder);
  return name === null ? [] : [[name, folder]];
}

async function resolveHub(hub: string, repositories: ReadonlyMap<string, string>, parts: readonly string[]): Promise<Resolved> {
  const [only] = repositories.values();
  const [first = '', ...rest] = parts;
  const [name = '', revision] = first.split('@', 2);
  const named = repositories.get(name) ?? [...repositories.values()].find((folder) => folder === name);
  if (named !== undefined) return resolveRepository(join(hub, named), revision === undefined ? rest : [revision, ...rest]);
  if (repositories.size === 1) return resolveRepository(join(hub, only!), parts);
  const names = [...repositories.keys()];
  throw new FileAccessError({
    file: hub,
    problem: first === '' ? 'a cache of several models' : `the cache holds no ${first}`,
    actual: shortList(names, 8),
    remedy: `Name one of them: ${hub}#${names[0]!}.`,
  });
}

async function resolveRepository(repository: string, parts: readonly string[]): Promise<Resolved> {
  const [first, ...rest] = parts;
  const named = first === undefined ? null : await findSnapshot(repository, first);
  if (named !== null) return { folder: named, parts: rest };
  return { folder: await mainSnapshot(repository), parts };
}

/** The folder of a branch, a tag, or the start of a commit; null when none is called so. */
async function findSnapshot(repository: string, revision: string): Promise<string | null> {
  const commit = await commitOf(repository, revision);
  const commits = await namesIn(join(repository, 'snapshots'));
  if (commit !== null) return snapshotOf(repository, commit, commits);
  const matching = revision === '' ? [] : commits.filter((name) => name.startsWith(revision));
  if (matching.length > 1) throw severalRevisions(repository, matching);
  return matching[0] === undefined ? null : join(repository, 'snapshots', matching[0]);
}

async function mainSnapshot(repository: string): Promise<string> {
  const commit = await commitOf(repository, 'main');
  const commits = await namesIn(join(repository, 'snapshots'));
  if (commit !== null) return snapshotOf(repository, commit, commits);
  const [only] = commits;
  if (only !== undefined && commits.length === 1) return join(repository, 'snapshots', only);
  throw severalRevisions(repository, commits);
}

/** What a ref holds; null when there is none of this name. */
async function commitOf(repository: string, ref: string): Promise<string | null> {
  if (ref === '' || ref.split(/[/\\]/).includes('..')) return null;
  const file = join(repository, 'refs', ref);
  const isFolder = (await stat(file).catch(() => null))?.isDirectory() === true;
  const text = isFolder ? null : await readTextIfPresent(file);
  return text === null ? null : text.trim();
}

function snapshotOf(repository: string, commit: string, commits: readonly string[]): string {
  if (commits.includes(commit)) return join(repository, 'snapshots', commit);
  const [first] = commits;
  const other = first === undefined ? '' : `, or name a revision that is there: ${repository}#${first.slice(0, shortCommit)}`;
  throw new FileAccessError({
    file: repository,
    problem: `revision ${commit} is not in the cache`,
    actual: shortList(commits) || 'no revisions',
    remedy: `${downloadRemedy(repository)!} --revision ${commit}${other}.`,
  });
}

function severalRevisions(repository: string, commits: readonly string[]): FileAccessError {
  const [first] = commits;
  if (first === undefined)
    return new FileAccessError({
      file: repository,
      problem: 'the cache holds no revision of this model',
      remedy: `${downloadRemedy(repository)!}.`,
    });
  return new FileAccessError({
    file: repository,
    problem: 'several revisions, and nothing says which is meant',
    expected: 'one revision, or refs/main',
    actual: shortList(commits),
    remedy: `Name one: ${repository}#${first.slice(0, shortCommit)}.`,
  });
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw toAccessError(folder, error);
  });
  return names.filter((name) => !name.startsWith('.')).sort();
}
