import assert from 'node:assert/strict';
import { alike } from '../../../src/webview/model/connectivity/columnFormat.js';
import { planeTable } from '../../../src/webview/model/connectivity/cellTables.js';
import { numberCell } from '../../../src/webview/chart/scoreTable.js';
import { lossScore, planeRun } from '../../webview/harness/connectivityFixtures.js';

describe('columns of numbers', () => {
  const texts = (cells: readonly (readonly [number, string])[]) =>
    alike(cells.map(([value, text]) => numberCell(value, text))).map(({ text }) => text);

  it('have one format each, and keep what is no number', () => {
    assert.deepEqual(
      texts([
        [24.5325, '24.5325'],
        [79214.5, '7.92e+4'],
        [NaN, 'NaN'],
      ]),
      ['24.53', '79214.50', 'NaN'],
    );
    assert.deepEqual(
      texts([
        [0.0121, '0.0121'],
        [-0.00051, '−5.10e-4'],
        [0, '0'],
      ]),
      ['0.01210', '−0.00051', '0.00000'],
    );
    assert.deepEqual(
      texts([
        [24.5, '24.5000'],
        [2.5e9, '2.50e+9'],
      ]),
      ['2.45e+1', '2.50e+9'],
    );
    assert.deepEqual(
      texts([
        [3.2, '3.2000'],
        [3.1, '3.1000'],
      ]),
      ['3.2000', '3.1000'],
    );
  });

  it('are those of a plane from low to high perplexity too', () => {
    const run = planeRun(3);
    const points = run.points.map((point, index) => ({ ...point, scores: [lossScore(2 + index)] }));
    const { columns, rows } = planeTable({ ...run, points }, 0, [], []);
    const column = columns.findIndex(({ id }) => id === 'perplexity');
    for (const { cells } of rows) assert.match(cells[column]!.text, /^\d+\.\d\d$/);
  });
});
