import type { DiffView } from '../messages.js';
import { statusOf, tensorColumnIds, tensorColumns } from '../model/tensorColumns.js';
import type { MenuItem } from '../shared/menuList.js';

/** What a row's menu offers. A side that lacks the tensor cannot show it. */
export function rowItems({ table, layers }: DiffView, row: number, obstacle: string | null): MenuItem[] {
  const status = statusOf(table, row);
  const layer = layers[table.layer[row] ?? -1];
  return [
    { id: 'copy-name', label: 'Copy Name' },
    { id: 'copy-row', label: 'Copy Row' },
    { id: 'module', label: 'Filter to This Module', note: table.moduleNames[table.module[row] ?? -1] ?? '', startsGroup: true },
    { id: 'layer', label: 'Filter to This Layer', note: layer?.label ?? '' },
    { id: 'a', label: 'Open in A', disabled: obstacle !== null || status === 'added', startsGroup: true },
    { id: 'b', label: 'Open in B', disabled: obstacle !== null || status === 'removed' },
  ];
}

/** The whole name and every column with its label, separated by tabs: two lines for a spreadsheet. */
export function textOfRow({ table, layers }: DiffView, row: number): string {
  const columns = tensorColumnIds.filter((id) => id !== 'histogram' && id !== 'name');
  const labels = ['Tensor', ...columns.map((id) => tensorColumns[id].label)];
  const values = [table.names[row] ?? '', ...columns.map((id) => tensorColumns[id].text(table, row, layers))];
  return `${labels.join('\t')}\n${values.join('\t')}\n`;
}
