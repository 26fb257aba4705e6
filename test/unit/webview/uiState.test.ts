import assert from 'node:assert/strict';
import fc from 'fast-check';
import { initialCheckpointUiState, restoreCheckpointUiState } from '../../../src/webview/model/checkpointUiState.js';
import { type DiffUiState, initialDiffUiState, restoreDiffUiState } from '../../../src/webview/model/diffUiState.js';
import { tensorColumnIds } from '../../../src/webview/model/tensorColumns.js';
import { rowAfterKey, scrollToShow, visibleRows } from '../../../src/webview/model/windowing.js';

describe('saved state of the panels', () => {
  const state: DiffUiState = {
    report: '2026',
    metric: 'changedShare',
    colouring: { scale: 'quantile', vectors: 'omit' },
    heatmapAsTable: true,
    filter: { text: 'mlp', statuses: ['changed', 'grown'], cell: { layer: 3, module: null } },
    sort: { column: 'cosine', descending: false },
    columns: { order: [...tensorColumnIds].reverse(), hidden: ['dtype', 'shape'], widths: { name: 320 } },
    selected: 7,
    detailed: 7,
    scrollTop: 440,
    pane: 'table',
    note: 'structure',
    heatmapShare: 0.3,
    detailShare: 0.6,
  };

  it('comes back as it was for the same report', () => {
    assert.deepEqual(restoreDiffUiState(JSON.parse(JSON.stringify(state)), '2026'), state);
  });

  it('drops what refers to rows of another report', () => {
    const restored = restoreDiffUiState(state, '2027');
    assert.deepEqual(restored, {
      ...state,
      report: '2027',
      selected: null,
      detailed: null,
      scrollTop: 0,
      filter: { ...state.filter, cell: null },
    });
  });

  it('is a usable state whatever was saved (seed 31)', () => {
    const keys = Object.keys(state);
    const anything = fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...keys), fc.anything()));
    fc.assert(
      fc.property(anything, (saved) => {
        const restored = restoreDiffUiState(saved, 'r');
        assert.deepEqual(Object.keys(restored).toSorted(), Object.keys(initialDiffUiState('r')).toSorted());
        assert.deepEqual(restoreDiffUiState(restored, 'r'), restored);
        assert.equal(typeof restoreCheckpointUiState(saved).text, 'string');
      }),
      { seed: 31, numRuns: 300 },
    );
    assert.deepEqual(restoreDiffUiState({ metric: 'x', sort: { column: 'y' }, selected: -1 }, 'r'), initialDiffUiState('r'));
  });

  it('of the checkpoint panel comes back as it was', () => {
    const saved = { text: 'q', expanded: ['["a"]'], note: 'files', scrollTop: 22 } as const;
    assert.deepEqual(restoreCheckpointUiState(saved), saved);
    assert.deepEqual(restoreCheckpointUiState(undefined), initialCheckpointUiState);
  });
});

describe('virtual list', () => {
  it('makes the rows that the viewport shows, and a few more', () => {
    assert.deepEqual(visibleRows(2200, 440, 22, 100_000, 6), { first: 94, end: 126 });
    assert.deepEqual(visibleRows(0, 440, 22, 3, 6), { first: 0, end: 3 });
    assert.deepEqual(visibleRows(5000, 440, 22, 0, 6), { first: 0, end: 0 });
    assert.deepEqual(visibleRows(99_999, 440, 22, 10, 6), { first: 9, end: 10 });
  });

  it('scrolls as little as needed to show a row', () => {
    assert.deepEqual([scrollToShow(1, 100, 200, 22), scrollToShow(5, 100, 200, 22), scrollToShow(50, 100, 200, 22)], [22, 100, 922]);
  });

  it('moves the active row within the list', () => {
    assert.equal(rowAfterKey('ArrowDown', -1, 10, 4), 0);
    assert.equal(rowAfterKey('ArrowUp', -1, 10, 4), 0);
    assert.equal(rowAfterKey('PageDown', 8, 10, 4), 9);
    assert.equal(rowAfterKey('End', 0, 10, 4), 9);
    assert.equal(rowAfterKey('a', 0, 10, 4), null);
  });
});
