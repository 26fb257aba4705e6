import { EventEmitter, type LogOutputChannel, type Uri, workspace } from 'vscode';
import type { Checkpoint } from '../../checkpoint/index.js';
import { DisposableOwner } from '../disposable.js';
import type { Engine } from '../engine/engineService.js';
import { messageOf } from '../errors.js';
import { readDiscoverySettings } from '../settings.js';

/** A checkpoint found in the workspace: opened, or what is wrong with it. */
export type LibraryEntry =
  | { readonly kind: 'open'; readonly path: string; readonly checkpoint: Checkpoint }
  | { readonly kind: 'broken'; readonly path: string; readonly message: string };

/** The checkpoints of the workspace folders, with their headers read. */
export class CheckpointLibrary extends DisposableOwner {
  private readonly changed = this.register(new EventEmitter<void>());
  private entriesNow: readonly LibraryEntry[] = [];
  private running: Promise<void> | undefined;
  private again = false;

  /** Fires when the entries may have changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly engine: Engine, private readonly log: LogOutputChannel) {
    super();
  }

  /** In order of workspace folders, then of paths. */
  get entries(): readonly LibraryEntry[] {
    return this.entriesNow;
  }

  /** Looks again. Calls that come while it looks share one more round after it. */
  refresh(): Promise<void> {
    if (this.running !== undefined) {
      this.again = true;
      return this.running;
    }
    this.running = this.refreshUntilQuiet().finally(() => (this.running = undefined));
    return this.running;
  }

  private async refreshUntilQuiet(): Promise<void> {
    do {
      this.again = false;
      const paths = (await Promise.all((workspace.workspaceFolders ?? []).map(({ uri }) => this.discover(uri)))).flat();
      this.entriesNow = await Promise.all([...new Set(paths)].map((path) => this.open(path)));
      if (!this.isDisposed) this.changed.fire();
    } while (this.again as boolean);
  }

  private async discover(folder: Uri): Promise<readonly string[]> {
    try {
      const { exclude, maximumDepth } = readDiscoverySettings(folder);
      const found = await this.engine.request('checkpoint/discover', { folder: folder.fsPath, exclude, maximumDepth });
      return found;
    } catch (error) {
      this.log.error(`Looking for checkpoints in ${folder.fsPath}: ${messageOf(error)}`);
      return [];
    }
  }

  private async open(path: string): Promise<LibraryEntry> {
    try {
      return { kind: 'open', path, checkpoint: await this.engine.request('checkpoint/open', { path }) };
    } catch (error) {
      return { kind: 'broken', path, message: messageOf(error) };
    }
  }
}
