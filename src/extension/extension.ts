/** The extension's entry: makes the parts, tells each what it needs, and hands them to VS Code. */
import { type ExtensionContext, Uri, window } from 'vscode';
import { CheckpointLibrary } from './checkpoints/checkpointLibrary.js';
import { registerLanguageModelTools } from './agent/languageModelTools.js';
import { registerDiffCommands } from './diff/diffCommands.js';
import { DiffSelection } from './diff/diffSelection.js';
import { registerCommand } from './kit/registerCommand.js';
import { registerSampleCommands } from './checkpoints/sampleCommands.js';
import { registerViewCommands } from './checkpoints/viewCommands.js';
import { Connectivity } from './connectivity/connectivity.js';
import type { ConnectivityPanels } from './connectivity/connectivityPanels.js';
import { TensorFinder } from './checkpoints/tensorFinder.js';
import { CheckpointEditor, checkpointEditorType, otherWeightsEditorType } from './checkpoints/checkpointEditor.js';
import { CheckpointFolderPanels } from './checkpoints/checkpointFolderPanels.js';
import { DiffReportEditor, diffReportEditorType } from './diff/diffReportEditor.js';
import { EngineService } from './kit/engineService.js';
import { Lineages } from './lineage/lineages.js';
import { DiffPanels, diffReportFormat } from './diff/diffPanels.js';
import { ReportStore } from './kit/reportStore.js';
import { Pages } from './kit/pages.js';
import { registerTransferCommands } from './transfer/transferCommands.js';
import { ModelVersionsView } from './checkpoints/modelVersionsView.js';

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
  const connectivity = new Connectivity({ extension, engine, library, pages, log, reports, memory: context.workspaceState });
  const lineages = new Lineages({ extension, engine, library, pages, log, reports });
  const selection = new DiffSelection();
  const finder = new TensorFinder();
  const services = { extension, engine, selection, diffPanels, finder };
  const folders = new CheckpointFolderPanels(services);

  subscriptions.push(log, engine, library, view, diffPanels, folders, finder, pages, connectivity, lineages);
  const registrations = [
    ...registerDiffCommands(library, selection, diffPanels),
    ...registerViewCommands(view, library, folders, finder),
    ...registerSampleCommands(extension),
    ...registerTransferCommands(engine, library, diffPanels, pages),
    ...registerLanguageModelTools(engine),
    registerCommand('restartEngine', () => engine.restart()),
    registerCommand('showLog', () => log.show()),
    ...[checkpointEditorType, otherWeightsEditorType].map((type) =>
      window.registerCustomEditorProvider(type, new CheckpointEditor(services)),
    ),
    window.registerCustomEditorProvider(diffReportEditorType, new DiffReportEditor(extension, engine, diffPanels)),
  ];
  for (const registration of registrations) subscriptions.push(registration);
  void view.refresh();
  return { engine, library, view, diffPanels, connectivityPanels: connectivity.panels };
}
