import { type MessageOptions, window } from 'vscode';
import { visibleLines } from '../../base/visibleText.js';
import { noticeText } from './shownText.js';

type Show = typeof window.showInformationMessage;
type AnyShow = (message: string, ...rest: unknown[]) => Thenable<never>;

/** Messages name files and tensors, which strangers named: they come out as text. */
function asText(show: Show): Show {
  const shown = (message: string, ...rest: unknown[]): Thenable<never> => (show as AnyShow)(noticeText(message), ...rest.map(shownDetail));
  return shown;
}

function shownDetail(rest: unknown): unknown {
  const { detail } = (typeof rest === 'object' && rest !== null ? rest : {}) as MessageOptions;
  return detail === undefined ? rest : { ...(rest as MessageOptions), detail: visibleLines(detail) };
}

/** As the functions of `window` of the same names; their buttons come back as they were given. */
export const showInformationMessage = asText(window.showInformationMessage);
export const showWarningMessage = asText(window.showWarningMessage);
export const showErrorMessage = asText(window.showErrorMessage);
