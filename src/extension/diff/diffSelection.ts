import { window } from 'vscode';
import { setContextKey } from '../contextKeys.js';
import { labelText } from '../kit/shownText.js';
import { titleOf } from '../../checkpoint/index.js';

/** The model that the next diff starts from, chosen with Select for Model Diff. */
export class DiffSelection {
  private selected: string | undefined;

  get path(): string | undefined {
    return this.selected;
  }

  select(path: string): void {
    this.selected = path;
    setContextKey('modelRebase.hasSelection', true);
    window.setStatusBarMessage(`$(compare-changes) ${labelText(titleOf(path))} selected for model diff`, 5000);
  }
}
