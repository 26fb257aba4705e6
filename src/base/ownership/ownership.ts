import { renameSync, writeFileSync } from 'node:fs';
import { open, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../exists.js';
import { isMissing } from '../fileAccess.js';
import { inspectPlace, partialPath, recordPath } from './occupant.js';
import { beatIntervalMs, ownerText, type Owner } from './owner.js';
import { lostError } from './placeErrors.js';
import { identifyProcess } from './processIdentity.js';

/** There while a former owner may have files open that lie in the folder. */
export function sharedMark(folder: string): string {
  return join(folder, 'shared');
}

/**
 * The right to write at a place, as long as `folder` exists. Everything that is to have the place's name is made below `folder`
 * and renamed from there, by paths that are gone once somebody else has taken over: the steps of a former owner that was
 * suspended then fail and touch nothing. Keeps a heartbeat until it is released or removed.
 */
export class Ownership {
  readonly folder: string;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #owner: Owner;
  #beat: Promise<void> = Promise.resolve();

  constructor(
    readonly place: string,
    owner: Owner,
  ) {
    this.#owner = owner;
    this.folder = join(partialPath(place), owner.id);
    this.#timer = setInterval(() => this.#startBeat(), beatIntervalMs);
    this.#timer.unref();
  }

  /** Aborted, with an `OwnershipLostError`, soon after the place was taken over. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** A path in the own folder. */
  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  /** Whether a former owner may still write to files in the folder, because it is not known to have ended. */
  isShared(): Promise<boolean> {
    return exists(sharedMark(this.folder));
  }

  /** Says that none of the files that were there is in use any more. */
  async endSharing(): Promise<void> {
    await rm(sharedMark(this.folder), { force: true });
  }

  /** Does something at the place. @throws OwnershipLostError when that failed because somebody else has taken over */
  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw (await this.#isHeld()) ? error : await this.#lose();
    }
  }

  /** Gives a sign of life. */
  async beat(): Promise<void> {
    const record = this.#record;
    const text = ownerText(this.#owner);
    try {
      await rewrite(record, text);
    } catch (error) {
      if (!isMissing(error)) return; // a full disk, or one that is away for a moment: the next beat tells
      if (await this.#isHeld()) await writeFile(record, text).catch(() => undefined);
      else await this.#lose();
    }
  }

  /** Says that a process group works for this job as well; at once, since this process may be killed at any time. */
  addGroup(leader: number): void {
    const [first, ...others] = this.#owner.processes;
    this.#owner = { ...this.#owner, processes: [first, ...others, identifyProcess(leader, true)] };
    const temporary = `${this.#record}.new`;
    try {
      writeFileSync(temporary, ownerText(this.#owner));
      renameSync(temporary, this.#record);
    } catch {
      this.#startBeat(); // which finds out whether the place is lost
    }
  }

  /** Gives the place up and leaves what is in the folder to whoever comes next. */
  async release(): Promise<void> {
    await this.#stop();
    await rm(this.#record, { force: true });
  }

  /** Gives the place up, with all that is in the folder. */
  async remove(): Promise<void> {
    await this.#stop();
    for (const name of await readdir(this.folder).catch(noNames))
      if (join(this.folder, name) !== this.#record) await rm(join(this.folder, name), { recursive: true, force: true });
    await rm(this.#record, { force: true });
    await rmdir(this.folder).catch(() => undefined); // somebody may have come meanwhile
    await rmdir(dirname(this.folder)).catch(() => undefined);
  }

  get #record(): string {
    return recordPath(this.folder, this.#owner.id);
  }

  /** A disk that is away for a moment is no loss. */
  #isHeld(): Promise<boolean> {
    return exists(this.folder).catch(() => true);
  }

  #startBeat(): void {
    this.#beat = this.#beat.then(() => this.beat());
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beat;
  }

  async #lose(): Promise<Error> {
    clearInterval(this.#timer);
    const found = await inspectPlace(this.place).catch(() => null);
    const error = lostError(this.place, found?.kind === 'occupied' ? found.occupant : null);
    this.#lost.abort(error);
    return error;
  }
}

/** The same bytes again, so that a reader meets no half record, and a full disk no need for room. */
async function rewrite(path: string, text: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.write(text, 0);
  } finally {
    await handle.close();
  }
}

function noNames(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}
