import { Disposable, type LogOutputChannel, type Uri, window } from 'vscode';
import { DisposableOwner } from '../kit/disposable.js';
import { registerConnectivityCommands } from './connectivityCommands.js';
import { ConnectivityEditor, connectivityEditorType } from './connectivityEditor.js';
import { ConnectivityPanels } from './connectivityPanels.js';
import { KeptRuns } from './keptRuns.js';
import { runInEngine } from './runInEngine.js';
import type { CurveWizardServices } from './wizard/curveWizard.js';

interface ConnectivityServices extends CurveWizardServices {
  readonly extension: Uri;
  readonly log: LogOutputChannel;
  /** Folder for runs of panels that were not closed. */
  readonly reports: string;
}

/** The connectivity part of the extension: its panels, editor and commands. */
export class Connectivity extends DisposableOwner {
  readonly panels: ConnectivityPanels;

  constructor({ extension, log, reports, ...services }: ConnectivityServices) {
    super();
    const output = this.register(window.createOutputChannel('Model Rebase: Outside Command'));
    const runConnectivity = runInEngine(services.engine, output);
    this.panels = this.register(new ConnectivityPanels({ extension, runConnectivity, kept: new KeptRuns(reports), log }));
    this.register(window.registerCustomEditorProvider(connectivityEditorType, new ConnectivityEditor(extension, runConnectivity)));
    this.register(Disposable.from(...registerConnectivityCommands({ ...services, panels: this.panels })));
  }
}
