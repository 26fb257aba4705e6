/** The extension's entry: makes the parts, tells each what it needs, and hands them to VS Code. */
import { type ExtensionContext, Uri, window } from 'vscode';
import { CheckpointLibrary } from './checkpoints/checkpointLibrary.js';
import { registerDiffCommands } from './commands/diffCommands.js';
import { DiffSelection } from './commands/diffSelection.js';
import { registerOpenCommands } from './commands/openCommands.js';
import { registerCommand } from './commands/registerCommand.js';
import { registerSampleCommands } from './commands/sampleCommands.js';
import { registerViewCommands } from './commands/viewCommands.js';
import { Connectivity } from './connectivity/connectivity.js';
import type { ConnectivityPanels } from './connectivity/connectivityPanels.js';
import { CheckpointEditor, checkpointEditorType } from './editors/checkpointEditor.js';
import { CheckpointFolderPanels } from './editors/checkpointFolderPanels.js';
import { DiffReportEditor, diffReportEditorType } from './editors/diffReportEditor.js';
import { EngineService } from './engine/engineService.js';
import { Lineages } from './lineage/lineages.js';
import { DiffPanels, diffReportFormat } from './panels/diffPanels.js';
import { ReportStore } from './panels/reportStore.js';
import { Pages } from './transfer/pages.js';
import { registerTransferCommands } from './transfer/transferCommands.js';
import { ModelVersionsView } from './views/modelVersionsView.js';

/** What `activate` returns: the parts that tests of the extension host look into. */
export interface ModelRebaseApi {
  readonly engine: EngineService;
  readonly library: CheckpointLibrary;
  readonly view: ModelVersionsView;
  readonly diffPanels: DiffPanels;
  readonly connectivityPanels: ConnectivityPanels;
}

export function activate(context: ExtensionContext): ModelRebaseApi {
  const { extensionUri: extension, subscriptions } = context;
  const log = window.createOutputChannel('Model Rebase', { log: true });
  const engine = new EngineService(Uri.joinPath(extension, 'dist', 'engine.js'), log);
  const library = new CheckpointLibrary(engine, log);
  const view = new ModelVersionsView(library);
  const reports = Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'reports').fsPath;
  const diffPanels = new DiffPanels(extension, engine, new ReportStore(reports, diffReportFormat), log);
  const pages = new Pages(engine);
  const connectivity = new Connectivity({ extension, engine, library, pages, log, reports });
  const lineages = new Lineages({ extension, engine, library, pages, log, reports });
  const selection = new DiffSelection();
  const services = { extension, engine, selection, diffPanels };
  const folders = new CheckpointFolderPanels(services);

  subscriptions.push(log, engine, library, view, diffPanels, folders, pages, connectivity, lineages);
  subscriptions.push(
    ...registerDiffCommands(library, selection, diffPanels),
    ...registerViewCommands(view),
    ...registerOpenCommands(library, folders),
    ...registerSampleCommands(extension),
    ...registerTransferCommands(engine, library, diffPanels, pages),
    registerCommand('restartEngine', () => engine.restart()),
    registerCommand('showLog', () => log.show()),
    window.registerCustomEditorProvider(checkpointEditorType, new CheckpointEditor(services)),
    window.registerCustomEditorProvider(diffReportEditorType, new DiffReportEditor(extension, engine)),
  );
  void view.refresh();
  return { engine, library, view, diffPanels, connectivityPanels: connectivity.panels };
}
