import { type ColumnLayout, resizeColumn, shiftColumn, shownColumns, toggleColumn } from '../model/columnLayout.js';
import { defaultColumns, type TensorColumnId, tensorColumns } from '../model/tensorColumns.js';
import type { MenuItem } from '../shared/menuList.js';

type Layout = ColumnLayout<TensorColumnId>;

const widthStep = 24;

/** What a column's menu offers; without a column, of all. */
export function columnItems(layout: Layout, id: TensorColumnId | null): MenuItem[] {
  const shown = shownColumns(layout);
  const own: MenuItem[] =
    id === null
      ? []
      : [
          { id: 'left', label: 'Move Left', disabled: shown[0] === id },
          { id: 'right', label: 'Move Right', disabled: shown.at(-1) === id },
          { id: 'wider', label: 'Wider' },
          { id: 'narrower', label: 'Narrower' },
        ];
  const switches = layout.order.map((column, index) => ({
    id: `show:${column}`,
    label: tensorColumns[column].label,
    checked: shown.includes(column),
    disabled: shown.length === 1 && shown.includes(column),
    startsGroup: index === 0 && own.length > 0,
  }));
  return [...own, ...switches, { id: 'reset', label: 'Reset Columns', startsGroup: true, disabled: layout === defaultColumns }];
}

/** The columns after something was chosen in the menu of one of them. */
export function changedColumns(layout: Layout, id: TensorColumnId | null, choice: string): Layout {
  if (choice === 'reset') return defaultColumns;
  const toggled = layout.order.find((column) => choice === `show:${column}`);
  if (toggled !== undefined) return toggleColumn(layout, toggled);
  if (id === null) return layout;
  const width = layout.widths[id] ?? tensorColumns[id].width;
  switch (choice) {
    case 'left':
      return shiftColumn(layout, id, -1);
    case 'right':
      return shiftColumn(layout, id, 1);
    case 'wider':
      return resizeColumn(layout, id, width + widthStep);
    case 'narrower':
      return resizeColumn(layout, id, width - widthStep);
    default:
      return layout;
  }
}
