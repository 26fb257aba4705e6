import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { runProcess } from '../../base/process/runProcess.js';
import { exists } from '../../base/exists.js';
import { weightsSuffixes } from '../../checkpoint/index.js';
import { UsageError } from '../io.js';

/** Indices that say which files are one model. */
const indexEnding = '.index.json';
/** What `runProcess` keeps of an output: a longer list of names would come without its beginning. */
const maxListLength = 1024 * 1024;

/** A commit of the repository that the current folder lies in, and its files as they are needed. */
export class GitBase {
  private constructor(
    readonly commit: string,
    /** The working tree. */
    readonly root: string,
    private readonly scratch: string,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * @param name of a commit; one that a shallow clone lacks is fetched from `origin` alone
   * @param scratch a folder for the commit's files
   * @throws UsageError where there is no repository or no such commit
   */
  static async open(name: string, scratch: string, signal: AbortSignal): Promise<GitBase> {
    const root = (await git(['rev-parse', '--show-toplevel'], '.', signal)).trim();
    const commit = (await find(name, root, signal)).trim();
    const base = new GitBase(commit, root, scratch, signal);
    await base.git(['read-tree', commit]);
    return base;
  }

  /** Paths, relative to the working tree with `/`, of weights that differ from the commit's. Untracked files are not seen. */
  async changedWeights(paths: readonly string[]): Promise<readonly string[]> {
    const within = paths.map((path) => this.inRepository(path));
    const listed = await this.git([
      'diff',
      '--name-only',
      '--no-renames',
      '-z',
      this.commit,
      '--',
      ...within.map((path) => `:(literal)${path}`),
    ]);
    if (listed.length >= maxListLength) throw new Error('Too many files differ from that commit. Name folders with --path.');
    return listed.split('\0').filter((name) => isWeights(name) || name.endsWith(indexEnding));
  }

  /**
   * Writes the files that lie directly in a folder of the commit, through git's filters, so that Git LFS brings what it keeps elsewhere.
   * @param folder relative to the working tree with `/`; empty for the working tree itself
   * @returns where they lie; null where the commit has no such folder
   */
  async bring(folder: string): Promise<string | null> {
    const listed = await this.git(['ls-files', '-z', '--cached', '--', `:(glob)${folder === '' ? '' : `${escapeGlob(folder)}/`}*`]);
    const names = listed.split('\0').filter((name) => name !== '');
    if (names.length === 0) return null;
    await this.git(['checkout-index', '--force', `--prefix=${join(this.scratch, 'files')}${sep}`, '--', ...names]);
    const place = join(this.scratch, 'files', folder);
    return (await exists(place)) ? place : null;
  }

  private inRepository(path: string): string {
    const within = relative(this.root, resolve(path));
    if (within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within))
      throw new UsageError(`--path ${path} lies outside the repository ${this.root}.`);
    return within === '' ? '.' : within.split(sep).join('/');
  }

  /** Its own index leaves that of the repository as it is. */
  private git(args: readonly string[]): Promise<string> {
    const isDiff = args[0] === 'diff';
    return git(args, this.root, this.signal, isDiff ? {} : { GIT_INDEX_FILE: join(this.scratch, 'index') });
  }
}

/** Whether a name is one that files of weights have. */
export function isWeights(name: string): boolean {
  return weightsSuffixes.some((suffix) => name.endsWith(suffix));
}

function escapeGlob(path: string): string {
  return path.replace(/[*?[\]\\]/g, '\\$&');
}

async function find(name: string, root: string, signal: AbortSignal): Promise<string> {
  if (name.startsWith('-')) throw new UsageError(`"${name}" is not the name of a commit.`);
  const parse = (revision: string): Promise<string> => git(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], root, signal);
  try {
    return await parse(name);
  } catch {
    signal.throwIfAborted();
    await git(['fetch', '--depth=1', '--no-tags', 'origin', name], root, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new UsageError(`The commit ${name} is neither here nor at origin. Name one that is, or fetch it.`, { cause: error });
    });
    return parse('FETCH_HEAD');
  }
}

/** @throws Error with the last lines that git prints */
async function git(
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
  environment: Record<string, string> = {},
): Promise<string> {
  const { code, stdout, lastLines } = await runProcess(['git', ...args], {
    workingFolder: folder,
    environment,
    timeoutSeconds: null,
    signal,
  });
  if (code !== 0) throw new Error(`git ${args[0]!} failed: ${lastLines.join(' ').trim() || `exit code ${String(code)}`}`);
  return stdout;
}
