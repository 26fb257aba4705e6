import { visibleText } from './visibleText.js';

/** A row of a Markdown table. Its cells are escaped. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(' | ')} |`;
}

/** Names are strangers' input: whatever Markdown (with mathematics) or HTML would act on is shown instead, in one line. */
export function escapeMarkdown(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>|#~&$]/g, '\\$&');
}

/** Text as code, in one line. */
export function markdownCode(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'")}\``;
}

function oneLine(text: string): string {
  return visibleText(text.replace(/[\r\n\t]+/g, ' '));
}

const mostNames = 8;

/** Names for a cell of a table: the first few. */
export function nameCell(names: readonly string[]): string {
  return names.slice(0, mostNames).join(', ') + (names.length > mostNames ? ', …' : '');
}
