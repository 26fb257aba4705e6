import assert from 'node:assert/strict';
import { reportFromJson, reportToJson } from '../../../src/compare/index.js';
import { noStatistics, reportOf, tensorDiff } from './support/reports.js';

const report = reportOf([
  tensorDiff('x'),
  tensorDiff('NaN'),
  tensorDiff('cosine', { ...noStatistics, status: 'added', nameB: 'Infinity', shapeA: null, dtypeA: null }),
]);

describe('JSON form of a report', () => {
  it('writes NaN and the infinities as strings, and everything else as it is', () => {
    const { tensors, format, version } = JSON.parse(reportToJson(report)) as {
      tensors: Record<string, unknown>[];
      format: string;
      version: number;
    };
    assert.deepEqual([format, version], ['model-rebase.diff', 1]);
    assert.deepEqual(tensors[0], {
      ...report.tensors[0],
      relativeChange: 'Infinity',
      cosine: 'NaN',
      maxAbsDelta: 'Infinity',
      meanDelta: '-Infinity',
    });
  });

  it('reads back as the same report, also where names look like numbers', () => {
    assert.deepEqual(reportFromJson(reportToJson(report)), report);
  });

  it('reads files from before a status came: no tensor in them has it', () => {
    const older = JSON.parse(reportToJson(report), (key, value: unknown) => (key === 'shrunk' ? undefined : value)) as object;
    assert.ok(!JSON.stringify(older).includes('shrunk'));
    assert.deepEqual(reportFromJson(JSON.stringify(older)), report);
  });

  it('refuses other files with the name of the file and what was expected', () => {
    const refused = (text: string): string => {
      try {
        reportFromJson(text, 'x.modeldiff.json');
      } catch (error) {
        return (error as Error).message;
      }
      return 'accepted';
    };
    assert.match(refused(''), /^x\.modeldiff\.json is not valid JSON \(.*\)\. Run the diff again and save its report anew\.$/);
    assert.match(refused('{"format": "model-rebase.diff", "vers'), /^x\.modeldiff\.json is not valid JSON/);
    for (const text of [
      'null',
      '[]',
      '3',
      '"model-rebase.diff"',
      '{}',
      '{"format":"other","version":1}',
      '[{"format":"model-rebase.diff","version":1}]',
    ]) {
      assert.equal(
        refused(text),
        'x.modeldiff.json is not a model diff report. Expected "format": "model-rebase.diff" with "version": 1.',
        text,
      );
    }
    for (const [version, shown] of [
      [2, '2'],
      ['1', '"1"'],
      [undefined, 'undefined'],
    ] as const) {
      const message = `x.modeldiff.json is a model diff report of version ${shown}, this program reads version 1. Update Model Rebase, or run the diff again.`;
      assert.equal(refused(JSON.stringify({ ...report, version })), message);
    }
  });

  it('refuses a report with parts missing or of another kind', () => {
    const damages: object[] = [
      ...(['a', 'b', 'engine', 'summary', 'layers', 'modules', 'tensors', 'findings', 'prefixMap'] as const).map((part) => ({
        [part]: undefined,
      })),
      { tensors: {} },
      { tensors: [null] },
      { tensors: [{ ...report.tensors[0], name: 3 }] },
      { tensors: [{ ...report.tensors[0], status: 'destroyed' }] },
      { layers: ['layer 0'] },
      { summary: [] },
      { a: null },
      { a: { ...report.a, textFiles: ['../../secret'] } },
      { layers: [{ ...report.layers[0], statuses: [] }] },
      { tensors: [{ ...report.tensors[0], histogram: { zero: 0, firstExponent: 0, negative: [1], positive: [] } }] },
    ];
    for (const damage of damages) {
      assert.throws(
        () => reportFromJson(JSON.stringify({ ...report, ...damage })),
        /^Error: The file is a damaged model diff report: \S+ is .*, expected .*\. Run the diff again and save its report anew\.$/,
        JSON.stringify(damage),
      );
    }
  });
});
