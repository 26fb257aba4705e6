import { FileDecoration, type FileDecorationProvider, ThemeColor, Uri } from 'vscode';

/** Tree items carry their number of findings in a URI of this scheme, so that no file in the Explorer is decorated. */
const scheme = 'model-rebase-checkpoint';

export function decorationUri(path: string, findingCount: number): Uri {
  return Uri.file(path).with({ scheme, query: String(findingCount) });
}

/** Puts the number of findings beside a checkpoint in the Model Versions view. */
export class FindingDecorations implements FileDecorationProvider {
  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    if (uri.scheme !== scheme || uri.query === '0') return undefined;
    const count = Number(uri.query);
    const tooltip = count === 1 ? '1 finding' : `${count} findings`;
    return new FileDecoration(count > 9 ? '9+' : String(count), tooltip, new ThemeColor('list.warningForeground'));
  }
}
