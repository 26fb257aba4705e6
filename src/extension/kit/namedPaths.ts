import { dirname, join, basename } from 'node:path';
import { homedir } from 'node:os';
import { workspace } from 'vscode';
import { type AllowedFolders, isAllowed, requireAllowed } from '../../base/allowedFolders.js';

/*
 * Files of a workspace (reports, runs, lineages, matrices) name paths. In Restricted Mode those are looked at only within the
 * workspace, since they may be on another machine, which would learn of it. What the user chooses in a dialog is not meant.
 */

/** Where paths may lead that files name: the workspace's folders in Restricted Mode, anywhere else (null) in a trusted workspace. */
export function allowedFolders(): AllowedFolders {
  return workspace.isTrusted ? null : (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
}

/** Who named the paths of a session. */
export interface PathOrigin {
  /** Why one of the paths may not be looked at, as a sentence; null when all may. */
  obstacle(paths: readonly string[]): string | null;
  /** @throws PathRefusedError when one of the paths may not be looked at */
  require(paths: readonly string[]): void;
}

export const chosenByUser: PathOrigin = { obstacle: () => null, require: () => undefined };

/** Paths that a file names. @param file for messages */
export function namedBy(file: string): PathOrigin {
  return {
    obstacle: (paths) =>
      paths.every(mayLookAt) ? null : 'They lie outside this workspace, where Restricted Mode does not look for what a file names.',
    require: (paths) => requireAllowed(allowedFolders(), paths, file),
  };
}

/** A path that a dialog may propose: the same name in a folder of the user's where it may not be looked at. */
export function proposablePath(path: string): string {
  if (mayLookAt(dirname(path))) return path;
  return join(workspace.workspaceFolders?.[0]?.uri.fsPath ?? homedir(), basename(path));
}

function mayLookAt(path: string): boolean {
  return isAllowed(allowedFolders(), path);
}
