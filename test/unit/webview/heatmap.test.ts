import assert from 'node:assert/strict';
import { mixedReport, realisticReport } from '../../webview/harness/diffFixtures.js';
import { toDiffView } from '../../../src/webview/diffView.js';
import {
  cellAfterKey,
  cellIndex,
  describeCell,
  filterOfCell,
  groupFacts,
  heatmapValues,
  makeHeatmap,
} from '../../../src/webview/model/heatmap.js';
import { cellAt, cellOrigin, layOutHeatmap, scrollIntoView, visibleCells } from '../../../src/webview/model/heatmapLayout.js';

describe('heat map', () => {
  const view = toDiffView(mixedReport());
  const heatmap = makeHeatmap(view);

  it('has a row for each layer, a column for each module some layer has, and the rest outside', () => {
    assert.deepEqual(
      heatmap.rows.map(({ label }) => label),
      ['layer 0', 'layer 1'],
    );
    assert.deepEqual(
      heatmap.columns.map(({ label }) => label),
      ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'mlp.up_proj', 'mlp.extra', 'mlp.gone', 'mlp.packed'],
    );
    assert.deepEqual(
      heatmap.outside.map(({ group }) => group.module),
      ['embed_tokens', 'norm', 'lm_head'],
    );
    assert.equal(heatmap.cells.length, 14);
    assert.equal(heatmap.cells[cellIndex(heatmap, { row: 1, column: 0 })], null);
  });

  it('filters the table by the layer and module of a cell', () => {
    const filter = filterOfCell(heatmap, { row: 1, column: 3 });
    assert.equal(view.layers[filter.layer ?? -1]?.key, 'model.layers.1');
    assert.equal(view.table.moduleNames[filter.module ?? -1], 'mlp.up_proj');
  });

  it('takes values of one metric on one scale; cells without a value have none', () => {
    const { cells, outside, scale } = heatmapValues(heatmap, 'changedShare');
    assert.deepEqual(cells.slice(0, 5), [0, 922 / 2048, 922 / 2048, null, null]);
    assert.deepEqual(outside, [922 / 2048, 922 / 2048, 922 / 2048]);
    assert.deepEqual(scale, { kind: 'linear', minimum: 0, maximum: 922 / 2048 });
  });

  it('puts every cell of a real model into words', () => {
    const real = makeHeatmap(toDiffView(realisticReport()));
    assert.equal(describeCell(real, 'relativeChange', { row: 31, column: 1 }), 'layer 31, self_attn.k_proj: relative change 0.0106');
    assert.equal(describeCell(heatmap, 'relativeChange', { row: 0, column: 3 }), 'layer 0, mlp.up_proj: no values compared');
    assert.equal(describeCell(heatmap, 'relativeChange', { row: 1, column: 0 }), 'layer 1, self_attn.q_proj: no such module');
    const group = heatmap.cells[1];
    assert.ok(group);
    assert.deepEqual(
      groupFacts(group).map(([label]) => label),
      ['Relative change', 'Cosine distance', 'Largest |Δ|', 'Changed share', 'Tensors'],
    );
    assert.deepEqual(groupFacts(group).at(-1), ['Tensors', '1 changed']);
  });

  it('moves the focus cell within the edges', () => {
    const move = (key: string, row: number, column: number) => cellAfterKey(key, { row, column }, 3, 4);
    assert.deepEqual(move('ArrowUp', 0, 0), { row: 0, column: 0 });
    assert.deepEqual(move('ArrowDown', 2, 1), { row: 2, column: 1 });
    assert.deepEqual(move('ArrowRight', 1, 1), { row: 1, column: 2 });
    assert.deepEqual(move('End', 1, 1), { row: 1, column: 3 });
    assert.deepEqual(move('PageDown', 0, 1), { row: 2, column: 1 });
    assert.equal(move('x', 0, 0), null);
  });
});

describe('heat map layout', () => {
  const layout = layOutHeatmap(32, 9, { widestRow: 50, widestColumn: 100 }, 500);
  const viewport = { scrollLeft: 20, scrollTop: 170, width: 300, height: 300 };

  it('shares the width among the cells within bounds', () => {
    assert.equal(layout.gutter, 62);
    assert.equal(layout.cellWidth, Math.floor((500 - 62 - 71 - 12) / 9));
    assert.equal(layOutHeatmap(32, 400, { widestRow: 50, widestColumn: 100 }, 500).cellWidth, 16);
    assert.equal(layOutHeatmap(2, 1, { widestRow: 50, widestColumn: 10 }, 5000).cellWidth, 54);
  });

  it('finds the cell that it places at a point, and none on labels or beside the cells', () => {
    for (const position of [
      { row: 12, column: 1 },
      { row: 15, column: 5 },
    ]) {
      const { x, y } = cellOrigin(layout, viewport, position);
      assert.deepEqual(cellAt(layout, viewport, x + 1, y + 1, 32, 9), position);
    }
    assert.equal(cellAt(layout, viewport, layout.gutter - 1, 200, 32, 9), null);
    assert.equal(cellAt(layout, viewport, 200, layout.header - 1, 32, 9), null);
    assert.equal(cellAt(layout, { ...viewport, scrollTop: 5000 }, 200, 200, 32, 9), null);
  });

  it('draws only cells that the viewport shows', () => {
    const { rows } = visibleCells(layout, viewport, 1000, 9);
    assert.deepEqual(rows, { first: 9, end: 29 });
  });

  it('scrolls as little as needed', () => {
    assert.deepEqual([scrollIntoView(10, 5, 20, 100), scrollIntoView(50, 5, 20, 100), scrollIntoView(200, 5, 20, 100)], [10, 20, 105]);
  });
});
