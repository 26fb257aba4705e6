import {
  CustomExecution,
  Task,
  type TaskDefinition,
  TaskPanelKind,
  type TaskProvider,
  TaskRevealKind,
  TaskScope,
  Uri,
  workspace,
} from 'vscode';
import { isAbsolute, join } from 'node:path';
import type { LineageLibrary } from '../lineageLibrary.js';
import { lineageName } from '../view/words.js';
import { type TrainingListener, TrainingTerminal } from './trainingTerminal.js';

/** Type of tasks that run a lineage's round; in `tasks.json` with the lineage's path. */
export const fineTuningTaskType = 'modelRebase.fineTuning';

/**
 * Tasks that run the round that is due. They have no problem matcher: the exit code says all, 0 for a round that has its
 * model. They run nobody's command in Restricted Mode, whoever starts them.
 */
export class FineTuningTasks implements TaskProvider {
  constructor(
    private readonly library: LineageLibrary,
    private readonly commandLine: string,
    private readonly listener: TrainingListener,
  ) {}

  provideTasks(): Task[] {
    return this.library.entries.flatMap((entry) => (entry.kind === 'read' ? [this.taskOf(entry.path)] : []));
  }

  /** A task of `tasks.json`, whose path may be relative to the workspace folder. */
  resolveTask({ definition }: Task): Task | undefined {
    const { lineage } = definition as TaskDefinition & { readonly lineage?: unknown };
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    return typeof lineage === 'string' ? this.taskOf(isAbsolute(lineage) ? lineage : join(folder, lineage), definition) : undefined;
  }

  taskOf(lineage: string, definition: TaskDefinition = { type: fineTuningTaskType, lineage }): Task {
    const scope = workspace.getWorkspaceFolder(Uri.file(lineage)) ?? TaskScope.Workspace;
    const terminal = new CustomExecution(() => this.terminalOf(lineage));
    const task = new Task(definition, scope, `Fine-tune ${lineageName(lineage)}`, 'Model Rebase', terminal, []);
    task.presentationOptions = { reveal: TaskRevealKind.Always, panel: TaskPanelKind.Dedicated, clear: true };
    return task;
  }

  private terminalOf(lineage: string): Promise<TrainingTerminal> {
    if (workspace.isTrusted) return Promise.resolve(new TrainingTerminal(this.commandLine, lineage, this.listener));
    return Promise.reject(
      new Error(`${lineageName(lineage)} is not fine-tuned in Restricted Mode, since that runs the command of its file.`),
    );
  }
}
