/** A row of a Markdown table. Its cells are escaped. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map(escapeMarkdown).join(' | ')} |`;
}

/** Names are strangers' input: whatever Markdown or HTML would act on is shown instead. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~]/g, '\\$&').replace(/\p{Cc}/gu, ' ');
}

/** Text as code, in one line. */
export function markdownCode(text: string): string {
  return `\`${text.replace(/[`\p{Cc}]/gu, "'")}\``;
}

const mostNames = 8;

/** Names for a cell of a table: the first few. */
export function nameCell(names: readonly string[]): string {
  return names.slice(0, mostNames).join(', ') + (names.length > mostNames ? ', …' : '');
}
