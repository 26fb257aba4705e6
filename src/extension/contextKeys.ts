import { commands } from 'vscode';

/** Own context keys, which `when` clauses in package.json read. */
interface ContextKeys {
  /** A model was chosen with Select for Model Diff. */
  'modelRebase.hasSelection': boolean;
  'modelRebase.filtered': boolean;
  /** Discovery has ended at least once. */
  'modelRebase.discovered': boolean;
  'modelRebase.hasModels': boolean;
  /** Paths of folders that are checkpoints, for `resourcePath in …`. */
  'modelRebase.checkpointFolders': readonly string[];
  /** Paths of folders that this tool wrote. */
  'modelRebase.outputFolders': readonly string[];
}

export function setContextKey<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  void commands.executeCommand('setContext', key, value);
}
