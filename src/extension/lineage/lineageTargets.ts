import { ThemeIcon, Uri, workspace } from 'vscode';
import { pickOne } from '../kit/quickPick.js';
import { lineageName } from './view/words.js';
import type { LineageLibrary } from './lineageLibrary.js';
import type { LineageNode } from './view/lineageNodes.js';

/** What menus pass to a command: a lineage file of the Explorer, or a node of the Lineage view. */
export type LineageTarget = Uri | LineageNode;

/** The lineage file that a command is about; asks where there are several. Undefined: the user chose none. */
export async function lineagePathOf(
  target: LineageTarget | undefined,
  library: LineageLibrary,
  title: string,
): Promise<string | undefined> {
  if (target !== undefined) return target instanceof Uri ? target.fsPath : target.path;
  const paths = library.entries.map(({ path }) => path);
  if (paths.length === 0) throw new Error('There is no lineage in this workspace. Make one with “New Lineage…”.');
  if (paths.length === 1) return paths[0];
  const picked = await pickOne(paths.map(lineageChoice), { title, placeHolder: 'Which lineage?' });
  return picked?.path;
}

/** A lineage as an item of a quick pick. */
export function lineageChoice(path: string): LineageChoice {
  return { label: lineageName(path), description: workspace.asRelativePath(path), iconPath: new ThemeIcon('history'), path };
}

export interface LineageChoice {
  readonly label: string;
  readonly description: string;
  readonly iconPath: ThemeIcon;
  readonly path: string;
}

/** The release that a command's target stands for, if it stands for one. */
export function releaseOf(target: LineageTarget | undefined): string | undefined {
  if (target === undefined || target instanceof Uri) return undefined;
  return target.kind === 'release' || target.kind === 'model' ? target.release.name : undefined;
}
