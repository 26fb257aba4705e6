import assert from 'node:assert/strict';
import fc from 'fast-check';
import { layOutChart, pointAfterKey, pointAt, polylines, xOf, yOf } from '../../../src/webview/chart/chartLayout.js';
import { isoLine, levelsBetween, type Segment } from '../../../src/webview/model/connectivity/contour.js';
import { paintDeviation } from '../../../src/webview/model/connectivity/divergingScale.js';
import { placeLabel } from '../../../src/webview/chart/labelPlace.js';
import { makeMatrix, matrixValueAt } from '../../../src/webview/model/connectivity/matrixModel.js';
import { chordValue, type Measure, readScore } from '../../../src/webview/model/connectivity/measure.js';
import { makePlane } from '../../../src/webview/model/connectivity/planeModel.js';
import { sortedRows } from '../../../src/webview/chart/scoreTable.js';
import { makeSeries, seriesOf } from '../../../src/webview/model/connectivity/series.js';
import { initialConnectivityUiState, restoreConnectivityUiState } from '../../../src/webview/model/connectivity/uiState.js';
import { nonFiniteText } from '../../../src/webview/model/connectivity/words.js';
import type { LineRun } from '../../../src/connectivity/report/index.js';
import { shownRun } from '../../../src/webview/connectivity/shownRun.js';
import {
  barrierRun,
  brokenRun,
  connectedRun,
  lossScore,
  matrixRun,
  planeRun,
  sweepRun,
} from '../../webview/harness/connectivityFixtures.js';
import { outsideRun } from '../../webview/harness/outsideRuns.js';

describe('measures of a score', () => {
  it('agree with their definitions, and their standard errors with small differences', () => {
    const step = 1e-6;
    const [here, there] = [lossScore(3.2, step), lossScore(3.2 + step)];
    for (const measure of ['loss', 'bitsPerByte', 'perplexity'] as const) {
      const difference = readScore(there, measure).value - readScore(here, measure).value;
      assert.ok(Math.abs(difference / readScore(here, measure).standardError - 1) < 1e-4, measure);
    }
    assert.equal(readScore(here, 'perplexity').value, Math.exp(3.2));
    assert.ok(Number.isNaN(readScore(here, 'accuracy').value) && Number.isNaN(readScore(undefined, 'loss').value));
  });

  it('bend the chord only where they are not linear in the loss', () => {
    assert.equal(chordValue('loss', 3, 4, 0.25), 3.25);
    assert.ok(Math.abs(chordValue('perplexity', Math.exp(3), Math.exp(4), 0.25) - Math.exp(3.25)) < 1e-9);
  });
});

describe('curves', () => {
  it('mark the barrier between chord and curve, in units of the measure', () => {
    const { barrier, chord } = makeSeries(barrierRun(), 0, 'loss', 0);
    assert.deepEqual(
      chord.map(({ at, value }) => [at, Number(value.toFixed(6))]),
      [
        [0, 3.2],
        [1, 3.1],
      ],
    );
    assert.ok(barrier && Math.abs(barrier.curve - barrier.chord - 0.42) < 1e-9 && barrier.at === 0.5);
    const bent = makeSeries(barrierRun(), 0, 'perplexity', 0);
    assert.equal(bent.chord.length, 25);
    assert.ok(bent.barrier && Math.abs(Math.log(bent.barrier.curve) - Math.log(bent.barrier.chord) - 0.42) < 1e-9);
  });

  it('say of what the marked height is, in the direction of the measure', () => {
    const label = (run: LineRun, task: number, measure: Measure) => makeSeries(run, task, measure, 0).barrier?.label;
    assert.equal(label(barrierRun(), 0, 'loss'), 'rise 0.420 ± 0.012 nats per token');
    assert.equal(label(barrierRun(), 0, 'bitsPerByte'), 'rise 0.420 ± 0.012 nats per token of loss');
    assert.equal(label(barrierRun(), 0, 'perplexity'), 'rise 0.420 ± 0.012 nats per token of loss');
    assert.equal(label(barrierRun(), 1, 'accuracy'), 'drop 0.030 ± 0.020');
    assert.equal(label(barrierRun(), 1, 'accuracyNormalised'), 'drop 0.030 ± 0.020 of accuracy');
    assert.equal(label(outsideRun(), 0, 'value'), 'drop 0.400');
  });

  it('have their label where nothing is drawn, whatever the size', () => {
    for (const [width, height] of [
      [380, 300],
      [700, 460],
      [1280, 500],
    ] as const) {
      const series = makeSeries(barrierRun(), 0, 'perplexity', 0);
      const layout = layOutChart([series], { width, height });
      const box = placeLabel(layout, [series], series.barrier!, { width: 250, height: 14 });
      assert.ok(box && box.x >= layout.left && box.x + box.width <= layout.right);
      for (const { at, value } of series.points) {
        const [x, y] = [xOf(layout, at), yOf(layout, value)];
        assert.ok(x < box.x || x > box.x + box.width || y < box.y || y > box.y + box.height, `${width}: ${at}`);
      }
    }
  });

  it('mark nothing where the curve stays below its chord, is broken, or is a sweep', () => {
    for (const run of [connectedRun(), brokenRun(), sweepRun()]) assert.equal(makeSeries(run, 0, 'loss', 0).barrier, null);
    assert.deepEqual(makeSeries(sweepRun(), 0, 'loss', 0).chord, []);
  });

  it('are laid over each other by task, not by its number', () => {
    const swapped = { ...connectedRun(), tasks: barrierRun().tasks.toReversed(), points: [] };
    assert.deepEqual(
      seriesOf(barrierRun(), [sweepRun(), swapped], 0, 'loss').map(({ run }) => run),
      [0, 2],
    );
  });

  it('break where a point is not finite, and place it at the edge', () => {
    const series = [makeSeries(brokenRun(), 0, 'loss', 0)];
    const layout = layOutChart(series, { width: 800, height: 400 });
    assert.equal(polylines(layout, series[0]!.points).length, 2);
    assert.ok(yOf(layout, NaN) < layout.top + 10 && yOf(layout, -Infinity) > layout.bottom - 10);
  });

  it('are walked by keys and found by the pointer', () => {
    const series = seriesOf(barrierRun(), [connectedRun()], 0, 'loss');
    assert.deepEqual(pointAfterKey('ArrowRight', series, { series: 0, point: 2 }), { series: 0, point: 3 });
    assert.deepEqual(pointAfterKey('ArrowDown', series, { series: 0, point: 5 }), { series: 1, point: 2 }); // α = 0.5 → 0.4
    assert.deepEqual(pointAfterKey('End', series, { series: 1, point: 0 }), { series: 1, point: 5 });
    assert.equal(pointAfterKey('a', series, { series: 0, point: 0 }), null);
    const layout = layOutChart(series, { width: 900, height: 500 });
    const { at, value } = series[0]!.points[7]!;
    assert.deepEqual(pointAt(layout, series, xOf(layout, at) + 3, yOf(layout, value) - 3), { series: 0, point: 7 });
    assert.equal(pointAt(layout, series, layout.right, layout.top), null);
  });
});

describe('transfer matrix', () => {
  it('has the rows of the paper’s table and gains against the base of each target', () => {
    const model = makeMatrix(matrixRun(), 0, 'loss');
    assert.deepEqual(model.rowLabels, ['Base', '+ Δ M1', '+ Δ M2', '+ Δ M3', 'Fine-tuned']);
    const gain = (row: number, column: number) => matrixValueAt(model, { row, column })?.gain;
    assert.deepEqual([gain(0, 2), gain(1, 0), gain(4, 3)], [0, undefined, undefined]);
    assert.ok(Math.abs((gain(1, 1) ?? 0) - 0.55) < 1e-9 && Math.abs((gain(1, 2) ?? 0) + 0.3) < 1e-9);
    assert.ok(Number.isNaN(gain(1, 3)) && Math.abs(model.largestGain - 0.8) < 1e-9);
  });

  it('is coloured towards one hue for better and another for worse, readable on both', () => {
    const colors = {
      middle: { red: 1, green: 1, blue: 1 },
      worse: { red: 0.82, green: 0.53, blue: 0.09 },
      better: { red: 0.1, green: 0.3, blue: 0.7 },
    };
    assert.deepEqual(paintDeviation(colors, 0), { fill: 'rgb(255 255 255)', ink: '#000' });
    assert.equal(paintDeviation(colors, 1).ink, '#fff');
    assert.deepEqual(paintDeviation(colors, -7), paintDeviation(colors, -1));
    assert.notEqual(paintDeviation(colors, 0.01).fill, paintDeviation(colors, -0.01).fill);
  });
});

describe('contours', () => {
  const side = 41;
  const heights = (height: (x: number, y: number) => number) => ({
    columns: side,
    rows: side,
    values: Array.from({ length: side * side }, (_, index) => height(index % side, Math.floor(index / side))),
  });
  const ends = (segments: readonly Segment[]) => segments.flatMap(({ from, to }) => [from, to]);

  it('are circles about the foot of a bowl', () => {
    const line = isoLine(
      heights((x, y) => Math.hypot(x - 20, y - 20)),
      12.3,
    );
    assert.ok(line.length > 60);
    for (const [x, y] of ends(line)) assert.ok(Math.abs(Math.hypot(x - 20, y - 20) - 12.3) < 0.05);
  });

  it('are closed: every end that is not at the border belongs to two pieces', () => {
    const count = new Map<string, number>();
    for (const [x, y] of ends(
      isoLine(
        heights((u, v) => Math.sin(u / 3) * Math.cos(v / 4)),
        0.1,
      ),
    )) {
      const key = `${x.toFixed(6)} ${y.toFixed(6)}`;
      if (x > 0 && y > 0 && x < side - 1 && y < side - 1) count.set(key, (count.get(key) ?? 0) + 1);
    }
    assert.ok(count.size > 100 && [...count.values()].every((times) => times === 2));
  });

  it('leave out what is not finite, and have no level on flat ground', () => {
    assert.deepEqual(isoLine({ columns: 2, rows: 2, values: [0, 1, NaN, 1] }, 0.5), []);
    assert.deepEqual(levelsBetween(2, 2, 5), []);
    assert.deepEqual(levelsBetween(0, 4, 3), [1, 2, 3]);
  });
});

describe('plane', () => {
  it('lies with x to the right and y upwards, missing points left open', () => {
    const run = planeRun(5);
    const model = makePlane({ ...run, points: run.points.slice(1) }, 0, 'loss');
    assert.deepEqual([model.xs[0], model.ys[0], model.points.length], [-0.25, 1.25, 25]);
    assert.equal(model.points[20], null);
    assert.ok(Number.isNaN(model.values[20]));
    assert.deepEqual(model.points[4] && [model.points[4].x, model.points[4].y], [1.25, 1.25]);
  });
});

describe('what a connectivity panel keeps and shows', () => {
  it('sorts numbers as numbers, and what is none last', () => {
    const column = { id: 'loss', label: '', meaning: '', numeric: true, width: 1, grow: 0 };
    const rows = [10, NaN, 9, Infinity].map((key) => ({ place: null, cells: [{ text: '', key }] }));
    assert.deepEqual(sortedRows({ columns: [column], rows }, { column: 'loss', descending: false }), [2, 0, 3, 1]);
    assert.deepEqual(sortedRows({ columns: [column], rows }, { column: 'loss', descending: true }), [3, 0, 2, 1]);
    assert.deepEqual(sortedRows({ columns: [column], rows }, { column: 'gone', descending: true }), [0, 1, 2, 3]);
  });

  it('is a usable state whatever was saved (seed 13)', () => {
    const state = {
      task: 1,
      measure: 'perplexity',
      asTable: true,
      sort: { column: 'loss', descending: true },
      findingsOpen: true,
    } as const;
    assert.deepEqual(restoreConnectivityUiState(JSON.parse(JSON.stringify(state))), state);
    fc.assert(
      fc.property(fc.anything(), (saved) => {
        const { task, measure } = restoreConnectivityUiState(saved);
        assert.ok(Number.isInteger(task) && task >= 0 && (measure === null || typeof measure === 'string'));
      }),
      { seed: 13 },
    );
    assert.deepEqual(restoreConnectivityUiState({ task: -1, measure: 'speed' }), initialConnectivityUiState);
  });

  it('travels without the scores of single windows', () => {
    const run = shownRun(barrierRun());
    assert.ok(run.kind === 'line');
    for (const { scores } of run.points) assert.deepEqual(scores[0]?.kind === 'loss' ? scores[0].itemNats : null, []);
    assert.deepEqual(
      run.points.map(({ scores }) => readScore(scores[0], 'loss')),
      barrierRun().points.map(({ scores }) => readScore(scores[0], 'loss')),
    );
  });

  it('names the first tensor that is not finite and counts the others', () => {
    assert.equal(nonFiniteText([]), '');
    assert.equal(nonFiniteText([{ tensor: 'a', count: 1200 }]), 'NaN or ∞ in a (1,200)');
    assert.equal(nonFiniteText(['a', 'b', 'c'].map((tensor) => ({ tensor, count: 1 }))), 'NaN or ∞ in a (1) and 2 more tensors');
  });
});
