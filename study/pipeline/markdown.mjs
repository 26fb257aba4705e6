/** A table from its header and rows of cells. */
export function markdownTable(title, header, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [`**${title}**`, '', line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line), ''].join('\n');
}
