import { Disposable, type LogOutputChannel, tasks, Uri } from 'vscode';
import type { CheckpointLibrary } from '../checkpoints/checkpointLibrary.js';
import { DisposableOwner } from '../kit/disposable.js';
import type { Engine } from '../kit/engineService.js';
import type { Pages } from '../kit/pages.js';
import { RoundsPanels } from './comparison/roundsPanels.js';
import { registerLineageCommands } from './lineageCommands.js';
import { LineageLibrary } from './lineageLibrary.js';
import { FineTuningTasks, fineTuningTaskType } from './training/fineTuningTasks.js';
import { trainingMessages } from './training/runFineTuning.js';
import { LineageView } from './view/lineageView.js';

interface Services {
  readonly extension: Uri;
  readonly engine: Engine;
  readonly library: CheckpointLibrary;
  readonly pages: Pages;
  readonly log: LogOutputChannel;
  /** Folder for reports of panels that were not closed. */
  readonly reports: string;
}

/** The lineage part of the extension: its view, tasks, panels and commands. */
export class Lineages extends DisposableOwner {
  constructor({ extension, engine, library, pages, log, reports }: Services) {
    super();
    const lineages = this.register(new LineageLibrary(engine, library, log));
    const view = this.register(new LineageView(lineages));
    const panels = this.register(new RoundsPanels({ extension, engine, log, reports }));
    const commandLine = Uri.joinPath(extension, 'dist', 'cli.js').fsPath;
    const fineTuning = new FineTuningTasks(lineages, commandLine, trainingMessages);
    this.register(tasks.registerTaskProvider(fineTuningTaskType, fineTuning));
    this.register(Disposable.from(...registerLineageCommands({ engine, library, lineages, view, pages, panels, fineTuning })));
  }
}
