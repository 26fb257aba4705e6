import { EventEmitter, type LogOutputChannel, workspace } from 'vscode';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import { WeightsWatcher } from '../checkpoints/weightsWatcher.js';
import { DisposableOwner } from '../kit/disposable.js';
import type { Engine } from '../kit/engineService.js';
import { messageOf } from '../../base/errors.js';
import { inNaturalOrder } from '../../base/naturalOrder.js';
import { sharedRounds } from '../sharedRounds.js';
import { lineageSuffix, type LineageStatus } from './lineageRoom.js';

/** A lineage of the workspace: as it is on the disk, or what is wrong with its file. */
export type LineageEntry =
  | { readonly kind: 'read'; readonly path: string; readonly status: LineageStatus }
  | { readonly kind: 'broken'; readonly path: string; readonly message: string };

/** Lineages, and the folders that are there while somebody trains. */
const watchedFiles = `**/{*${lineageSuffix},train.partial,train-plain.partial}`;
const excludedFolders = '**/{node_modules,.git}/**';
/** That a training process was killed changes no file. */
const trainingPollMs = 15_000;

/** The lineages of the workspace folders. Nothing of them is kept but what the disk says. */
export class LineageLibrary extends DisposableOwner {
  private readonly changed = this.register(new EventEmitter<void>());
  private entriesNow: readonly LineageEntry[] = [];
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.changed.event;
  /** Looks again. Calls that come while it looks share one more round after it. */
  readonly refresh = sharedRounds(() => this.look());

  /** @param checkpoints Whose changes change lineages as well. */
  constructor(
    private readonly engine: Engine,
    checkpoints: CheckpointLibrary,
    private readonly log: LogOutputChannel,
  ) {
    super();
    const files = this.register(new WeightsWatcher(undefined, watchedFiles));
    this.register(files.onDidSettle(() => void this.refresh()));
    this.register(checkpoints.onDidChange(() => void this.refresh()));
  }

  /** In natural order of their paths. */
  get entries(): readonly LineageEntry[] {
    return this.entriesNow;
  }

  override dispose(): void {
    clearTimeout(this.timer);
    super.dispose();
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    const files = await workspace.findFiles(`**/*${lineageSuffix}`, excludedFolders);
    const paths = inNaturalOrder(
      files.map(({ fsPath }) => fsPath),
      (path) => path,
    );
    this.entriesNow = await Promise.all(paths.map((path) => this.read(path)));
    if (this.isDisposed) return;
    this.changed.fire();
    if (this.entriesNow.some(isTraining)) this.timer = setTimeout(() => void this.refresh(), trainingPollMs);
  }

  private async read(path: string): Promise<LineageEntry> {
    try {
      return { kind: 'read', path, status: await this.engine.request('recycle/status', { path }) };
    } catch (error) {
      this.log.warn(messageOf(error));
      return { kind: 'broken', path, message: messageOf(error) };
    }
  }
}

function isTraining(entry: LineageEntry): boolean {
  return entry.kind === 'read' && entry.status.releases.some(({ training }) => training.length > 0);
}
