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
import { heatmapSvg } from '../../../src/webview/model/heatmapSvg.js';
import { cellNear, plotLayerProfile } from '../../../src/webview/model/layerProfile.js';
import { inModelOrder } from '../../../src/webview/model/moduleOrder.js';
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

  it('keeps norms from the scale of matrices, puts them on the same one, or leaves them out', () => {
    const real = toDiffView(realisticReport());
    const map = makeHeatmap(real);
    const norms = map.columns.filter(({ isVector }) => isVector).map(({ label }) => label);
    assert.deepEqual(norms, ['input_layernorm', 'post_attention_layernorm']);
    const apart = heatmapValues(map, 'relativeChange', { scale: 'log', vectors: 'apart' });
    assert.ok(apart.scale && apart.vectorScale && apart.vectorScale.maximum < apart.scale.minimum);
    const together = heatmapValues(map, 'relativeChange', { scale: 'log', vectors: 'together' });
    assert.equal(together.scale, together.vectorScale);
    assert.equal(together.scale?.minimum, apart.vectorScale.minimum);
    const without = makeHeatmap(real, 'omit');
    assert.equal(without.columns.length, 7);
    assert.deepEqual(
      without.outside.map(({ group }) => group.module),
      ['embed_tokens', 'lm_head'],
    );
  });

  it('has columns in the order of a forward pass', () => {
    const kinds = ['mlp.down_proj', 'mlp.experts.gate_up_proj', 'input_layernorm', 'self_attn.o_proj', 'self_attn.k_norm', 'mlp.up_proj'];
    const others = [
      'self_attn.q_proj',
      'mlp.gate',
      'zzz',
      'post_attention_layernorm',
      'self_attn.v_proj',
      'self_attn.k_proj',
      'mlp.gate_proj',
    ];
    assert.deepEqual(inModelOrder([...kinds, ...others]), [
      'input_layernorm',
      'self_attn.q_proj',
      'self_attn.k_proj',
      'self_attn.v_proj',
      'self_attn.k_norm',
      'self_attn.o_proj',
      'post_attention_layernorm',
      'mlp.gate',
      'mlp.experts.gate_up_proj',
      'mlp.gate_proj',
      'mlp.up_proj',
      'mlp.down_proj',
      'zzz',
    ]);
    assert.deepEqual(inModelOrder(['lm_head', 'model.norm', 'norm', 'embed_tokens']), ['embed_tokens', 'model.norm', 'norm', 'lm_head']);
    assert.deepEqual(inModelOrder(['ln_2', 'mlp.c_fc', 'attn.c_attn', 'mlp.c_proj', 'ln_1', 'attn.c_proj']), [
      'ln_1',
      'attn.c_attn',
      'attn.c_proj',
      'ln_2',
      'mlp.c_fc',
      'mlp.c_proj',
    ]);
  });

  it('draws a line through the layers for each kind of module, with a gap where a layer has no value', () => {
    const real = makeHeatmap(toDiffView(realisticReport()));
    const values = heatmapValues(real, 'relativeChange');
    const plot = plotLayerProfile(real, values, { width: 500, height: 124 });
    assert.ok(plot);
    assert.equal(plot.lines.length, 7);
    assert.equal(plot.lines[0]?.path.match(/[ML]/g)?.length, 32);
    const place = plot.placeOf({ row: 31, column: 2 });
    assert.ok(place && Math.abs(place.y - plot.top) < 1e-6, 'the largest value stands at the top');
    assert.deepEqual(cellNear(real, plot, place.x - 3, place.y + 1), { row: 31, column: 2 });
    const holes = { ...values, cells: values.cells.map((value, index) => (index === 5 * real.columns.length + 1 ? null : value)) };
    assert.equal(plotLayerProfile(real, holes, { width: 500, height: 124 })?.lines[0]?.path.match(/M/g)?.length, 2);
  });

  it('is drawn as an SVG that needs nothing else, infinity unlike 0', () => {
    const colors = { ramp: ['#111', '#eee'], background: '#000', text: '#fff', muted: '#888', fontFamily: 'a "b"', lines: ['red'] };
    const title = 'a<b & "c"';
    const values = heatmapValues(heatmap, 'relativeChange');
    const { text, width, height } = heatmapSvg({ title, heatmap, values, metric: 'relativeChange', colors });
    assert.ok(width > 300 && height > 300);
    assert.ok(text.includes('<title>a&lt;b &amp; &quot;c&quot;</title>') && text.includes('>∞</text>'));
    assert.doesNotMatch(text, /NaN|undefined/);
  });

  it('puts every cell of a real model into words', () => {
    const real = makeHeatmap(toDiffView(realisticReport()));
    assert.equal(describeCell(real, 'relativeChange', { row: 31, column: 2 }), 'layer 31, self_attn.k_proj: relative change 0.0106');
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
