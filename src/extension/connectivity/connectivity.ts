import { Disposable, type LogOutputChannel, type Memento, type OutputChannel, type Uri, window } from 'vscode';
import { DisposableOwner } from '../kit/disposable.js';
import { CommandConsent } from './commandConsent.js';
import { registerConnectivityCommands } from './connectivityCommands.js';
import { ConnectivityEditor, connectivityEditorType } from './connectivityEditor.js';
import { ConnectivityPanels } from './connectivityPanels.js';
import { KeptRuns } from './keptRuns.js';
import type { CurveWizardServices } from './wizard/curveWizard.js';
import { visibleText } from '../../base/visibleText.js';
import type { Engine } from '../kit/engineService.js';
import { ProgressNotice } from '../kit/progressNotice.js';
import type { RunConnectivity } from './connectivitySession.js';
import { describeScoring } from './describeScoring.js';

interface ConnectivityServices extends CurveWizardServices {
  readonly extension: Uri;
  readonly log: LogOutputChannel;
  /** Folder for runs of panels that were not closed. */
  readonly reports: string;
  /** Of the workspace. */
  readonly memory: Memento;
}

/** The connectivity part of the extension: its panels, editor and commands. */
export class Connectivity extends DisposableOwner {
  readonly panels: ConnectivityPanels;

  constructor({ extension, log, reports, memory, ...services }: ConnectivityServices) {
    super();
    const output = this.register(window.createOutputChannel('Model Rebase: Outside Command'));
    const runConnectivity = runInEngine(services.engine, output, new CommandConsent(memory));
    this.panels = this.register(new ConnectivityPanels({ extension, runConnectivity, kept: new KeptRuns(reports), log }));
    this.register(window.registerCustomEditorProvider(connectivityEditorType, new ConnectivityEditor(extension, runConnectivity)));
    this.register(Disposable.from(...registerConnectivityCommands({ ...services, panels: this.panels })));
  }
}

/** Scores in the engine, with a notification that can cancel it. What an outside command prints goes to `output`. */
function runInEngine(engine: Engine, output: OutputChannel, consent: CommandConsent): RunConnectivity {
  return async (title, request, job, onProgress) => {
    if (request.outside !== undefined) await consent.require(request.outside);
    job.signal.throwIfAborted();
    const notice = new ProgressNotice(`Scoring ${title}`, () => job.abort());
    try {
      return await engine.request('connectivity/run', request, {
        signal: job.signal,
        onProgress: (progress) => {
          if (progress.output !== undefined) output.appendLine(visibleText(progress.output.text));
          onProgress(progress);
          notice.report(describeScoring(progress));
        },
      });
    } finally {
      notice.close();
    }
  };
}
