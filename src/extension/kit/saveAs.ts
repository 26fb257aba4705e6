import { extname } from 'node:path';
import { Uri, window } from 'vscode';
import { writeWhole } from '../../base/writeWhole.js';
import { proposablePath } from './namedPaths.js';

/** What the dialog says. */
interface SaveQuestion {
  readonly title: string;
  /** What the files are called in the dialog. */
  readonly label: string;
  /** Without the leading dot; may have several parts, as `modeldiff.json`. */
  readonly extension: string;
  /** Path that the dialog proposes. */
  readonly proposed: string;
}

/** A name as part of a file's name. */
export function fileNameOf(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, '_');
}

/** `.json` of `modeldiff.json`: a name that only begins with a dot would count as one without an extension. */
function lastPart(extension: string): string {
  return extname(`file.${extension}`);
}

/**
 * Dialogs know only the part after the last dot and leave `report.json` where `report.modeldiff.json` was meant, which
 * would not reopen in the panel.
 */
function withExtension(path: string, extension: string): string {
  const last = lastPart(extension);
  return path.endsWith(`.${extension}`) || !path.endsWith(last) ? path : `${path.slice(0, -last.length)}.${extension}`;
}

/**
 * Asks where to save and writes the content there. Returns the path, or null when the user chose none.
 * @throws when a file exists that the dialog did not ask about.
 */
export async function saveAs(
  { title, label, extension, proposed }: SaveQuestion,
  content: () => string | Uint8Array,
): Promise<string | null> {
  const chosen = await window.showSaveDialog({
    title,
    defaultUri: Uri.file(proposablePath(proposed)),
    filters: { [label]: [lastPart(extension).slice(1)] },
  });
  if (chosen === undefined) return null;
  const path = withExtension(chosen.fsPath, extension);
  await writeWhole(path, content(), { overwrite: path === chosen.fsPath });
  return path;
}
