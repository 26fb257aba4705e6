import { visibleLines, visibleText } from '../../base/visibleText.js';

/** VS Code makes links of `[text](command:…)` in notifications and input boxes, which would run commands: none may come of a name. */
export function noticeText(text: string): string {
  return visibleLines(text).replaceAll('](', '] (');
}

/** VS Code draws icons for `$(name)` in quick picks and in the status bar; behind a backslash it is text. */
export function labelText(text: string): string {
  return visibleText(text).replaceAll('$(', '\\$(');
}
