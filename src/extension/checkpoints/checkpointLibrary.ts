import { EventEmitter, type LogOutputChannel, type Uri, workspace } from 'vscode';
import type { Discovery } from '../../checkpoint/index.js';
import { DisposableOwner } from '../kit/disposable.js';
import type { Engine } from '../kit/engineService.js';
import { messageOf } from '../../base/errors.js';
import { readDiscoverySettings } from '../kit/settings.js';
import { sharedRounds } from '../sharedRounds.js';
import type { OutputFacts } from '../transfer/combineRoom.js';
import { UnfinishedOutputs } from './unfinishedOutputs.js';
import type { Model } from '../../model/index.js';

export interface OpenEntry {
  readonly kind: 'open';
  readonly path: string;
  readonly checkpoint: Model;
  /** What it is made of, where this tool wrote it. */
  readonly output: OutputFacts | null;
}

/** A checkpoint found in the workspace: opened, or what is wrong with it. */
export type LibraryEntry = OpenEntry | { readonly kind: 'broken'; readonly path: string; readonly message: string };

/** The checkpoints of the workspace folders, with their headers read. */
export class CheckpointLibrary extends DisposableOwner {
  private readonly changed = this.register(new EventEmitter<void>());
  private entriesNow: readonly LibraryEntry[] = [];
  private noticesNow: readonly string[] = [];

  /** What is on its way to be an entry. */
  readonly unfinished: UnfinishedOutputs;
  /** Fires when the entries may have changed. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly engine: Engine,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this.unfinished = this.register(new UnfinishedOutputs(engine, log));
  }

  /** In order of workspace folders, then of paths. */
  get entries(): readonly LibraryEntry[] {
    return this.entriesNow;
  }

  /** What discovery left out and why, for the user: limits reached, folders that cannot be read. */
  get notices(): readonly string[] {
    return this.noticesNow;
  }

  /** The checkpoint at a path, of the workspace or not. */
  async checkpointAt(path: string): Promise<Model> {
    const known = this.entriesNow.find((entry): entry is OpenEntry => entry.kind === 'open' && entry.path === path);
    return known?.checkpoint ?? this.engine.request('checkpoint/open', { path });
  }

  /** Looks again. Calls that come while it looks share one more round after it. */
  readonly refresh = sharedRounds(() => this.look());

  private async look(): Promise<void> {
    const found = await Promise.all((workspace.workspaceFolders ?? []).map(({ uri }) => this.discover(uri)));
    const paths = new Set(found.flatMap((discovery) => discovery.paths));
    const unfinished = this.unfinished.look(found.flatMap(({ partials }) => partials));
    this.entriesNow = await Promise.all([...paths].map((path) => this.open(path)));
    await unfinished;
    this.noticesNow = found.flatMap(({ findings }) => findings.map(({ message }) => message));
    if (!this.isDisposed) this.changed.fire();
  }

  private async discover(folder: Uri): Promise<Discovery> {
    try {
      return await this.engine.request('checkpoint/discover', { folder: folder.fsPath, ...readDiscoverySettings(folder) });
    } catch (error) {
      const message = messageOf(error);
      this.log.error(message);
      return { paths: [], partials: [], findings: [{ severity: 'error', code: 'discovery-failed', message }] };
    }
  }

  private async open(path: string): Promise<LibraryEntry> {
    try {
      const [checkpoint, output] = await Promise.all([this.engine.request('checkpoint/open', { path }), this.describe(path)]);
      return { kind: 'open', path, checkpoint, output };
    } catch (error) {
      return { kind: 'broken', path, message: messageOf(error) };
    }
  }

  /** A damaged manifest does not make a checkpoint unreadable. */
  private describe(path: string): Promise<OutputFacts | null> {
    return this.engine.request('combine/describe', { path }).catch((error: unknown) => {
      this.log.warn(messageOf(error));
      return null;
    });
  }
}
