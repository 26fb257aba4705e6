import assert from 'node:assert/strict';
import {
  byRelativeChange,
  describeStatuses,
  describeCoverage,
  reportToCsv,
  reportToMarkdown,
  verdictOf,
} from '../../../src/compare/index.js';
import { noStatistics, reportOf, sideNamed, tensorDiff } from './support/reports.js';

/** A reader of RFC 4180, to see fields as a spreadsheet would. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const record = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  for (let row: string[] = []; record.lastIndex < text.length;) {
    const match = record.exec(text);
    assert.ok(match, 'the text is not RFC 4180');
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') rows.push(row.splice(0));
  }
  return rows;
}

describe('CSV form of a report', () => {
  it('has one line per tensor with its values in full precision', () => {
    const changed = tensorDiff('layers.0.up', {
      nameB: 'wrapped.layers.0.up',
      layer: 'layers.0',
      module: 'up',
      normB: 0.1 + 0.2,
      shapeB: [3, 2],
    });
    const added = tensorDiff('new', { ...noStatistics, matchedBy: null, status: 'added', dtypeA: null, shapeA: null });
    assert.equal(
      reportToCsv(reportOf([changed, added])),
      'name,nameB,status,layer,module,dtypeA,dtypeB,shapeA,shapeB,normA,normB,normDelta,relativeChange,cosine,maxAbsDelta,maxAbsDeltaIndex,meanDelta,comparedCount,changedCount,signFlips,nonFiniteA,nonFiniteB,kind,schemeA,schemeB,codesCompared,codesChanged,matchedBy\r\n' +
        'layers.0.up,wrapped.layers.0.up,changed,layers.0,up,F32,F32,2x2,3x2,0,0.30000000000000004,2,Infinity,NaN,Infinity,3,-Infinity,4,1,0,0,2,parameter,,,,,equal name\r\n' +
        'new,,added,,new,,F32,,2x2,,,,,,,,,,,,,,parameter,,,,,\r\n',
    );
  });

  it('keeps hostile names in their field, and no name a spreadsheet would run as a formula', () => {
    const names = [
      '=HYPERLINK("http://evil","x")',
      '+1',
      '-1+1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      'a,b',
      'say "x"',
      'two\nlines\r\nthree',
      "'quoted",
      '=1,2\n"',
    ];
    const rows = parseCsv(reportToCsv(reportOf(names.map((name) => tensorDiff(name, { module: 'm' })))));
    assert.deepEqual(
      rows.map(({ length }) => length),
      new Array<number>(names.length + 1).fill(28),
    );
    const safe = [
      '\'=HYPERLINK("http://evil","x")',
      "'+1",
      "'-1+1",
      "'@SUM(A1)",
      '\\u0009=1',
      '\\u000d=1',
      'a,b',
      'say "x"',
      'two\\u000alines\\u000d\\u000athree',
      "'quoted",
      '\'=1,2\\u000a"',
    ];
    assert.deepEqual(
      rows.slice(1).map(([name]) => name),
      safe,
    );
  });

  it('writes negative numbers as numbers', () => {
    assert.equal(parseCsv(reportToCsv(reportOf([tensorDiff('x', { meanDelta: -0.5 })])))[1]![16], '-0.5');
  });
});

describe('Markdown form of a report', () => {
  it('tells sides, totals, layers, tensors and findings', () => {
    const finding = { severity: 'warning', code: 'x', message: 'Something is odd.' } as const;
    const text = reportToMarkdown(
      reportOf([tensorDiff('small', { relativeChange: 0.01 }), tensorDiff('large', { relativeChange: 0.5 })], { findings: [finding] }),
    );
    assert.equal(
      text,
      [
        '# old → new',
        '|  | A | B |\n| --- | --- | --- |\n| path | /models/old | /models/new |\n| architecture | LlamaForCausalLM | LlamaForCausalLM |\n| parameters | 1.37M | 1.37M |\n| size | 2.74 MB | 2.74 MB |\n| stored as | BF16 | BF16 |',
        '## Summary',
        '- 2 tensors: 2 changed\n- relative change ‖Δ‖/‖A‖: ∞\n- cosine: NaN\n- largest |Δ|: ∞\n- values changed: 25.0%',
        '## Layers',
        '| layer | relative change | cosine | max \\|Δ\\| | changed values | tensors |\n| --- | --- | --- | --- | --- | --- |\n| outside layers | ∞ | NaN | ∞ | 1 | 2 changed |',
        '## Tensors that changed most',
        '| tensor | status | relative change | cosine | max \\|Δ\\| |\n| --- | --- | --- | --- | --- |\n| large | changed | 0.500 | NaN | ∞ |\n| small | changed | 0.0100 | NaN | ∞ |',
        '## Findings',
        '- Something is odd.',
        'Computed by WebAssembly SIMD on 2026-01-02T03:04:05.678Z.',
        '',
      ].join('\n\n'),
    );
  });

  it('lets no name act as Markdown or HTML, nor break a table', () => {
    const hostile = '<script>alert(1)</script> | [x](javascript:1) ![y](z) `c` **b** _i_ ~~s~~ # &lt; \\ \n| new | row |';
    const report = reportOf([tensorDiff(hostile)], {
      a: { ...sideNamed(hostile), path: `/models/${hostile}`, architecture: hostile },
      findings: [{ severity: 'info', code: 'x', message: hostile }],
    });
    const lines = reportToMarkdown(report).split('\n');
    const active = /(?<!\\)(?:\\\\)*[<>`*_~[\]{}#&]/;
    const withoutOwnMarks = lines.map((line) => line.replace(/^(?:#+|-) /, ''));
    assert.deepEqual(
      withoutOwnMarks.filter((line) => line.includes('script') && active.test(line)),
      [],
    );
    for (const line of lines.filter((text) => text.startsWith('| path') || text.startsWith('| architecture')))
      assert.equal(line.split(/(?<!\\)\|/).length, 5, line);
    assert.equal(lines.filter((line) => line.includes('script')).length, 5);
  });

  it('names no engine where none was needed', () => {
    const text = reportToMarkdown(reportOf([], { engine: { name: 'none', detail: 'no values read', reason: 'test' } }));
    assert.match(text, /\n\nFound without reading values on 2026-01-02T03:04:05\.678Z\.\s*$/);
  });

  it('lists 30 tensors and counts the rest', () => {
    const tensors = Array.from({ length: 45 }, (_, i) => tensorDiff(`t${i}`, { relativeChange: i }));
    const text = reportToMarkdown(reportOf([...tensors, tensorDiff('same', { status: 'identical', relativeChange: 0 })]));
    assert.ok(text.includes('| t44 |') && text.includes('| t15 |') && !text.includes('| t14 |') && !text.includes('same'));
    assert.ok(text.includes('\n\n… and 15 more.\n'));
  });
});

describe('order and status of tensors', () => {
  it('sorts by relative change, tensors without a value first, and keeps the order of equals', () => {
    const tensors = [
      tensorDiff('a', { relativeChange: 0.1 }),
      tensorDiff('b', { relativeChange: null }),
      tensorDiff('c', { relativeChange: 0.3 }),
      tensorDiff('d', { relativeChange: 0.1 }),
      tensorDiff('e', { relativeChange: Infinity }),
    ];
    assert.deepEqual(
      byRelativeChange(tensors).map(({ name }) => name),
      ['b', 'e', 'c', 'a', 'd'],
    );
  });

  it('any status but `identical` is a difference; what was not compared leaves it undecided', () => {
    const of = (...statuses: readonly ('identical' | 'changed' | 'unread' | 'retyped')[]) =>
      reportOf(statuses.map((status, i) => tensorDiff(`t${i}`, { status })));
    assert.equal(verdictOf(of('identical', 'identical')), 'identical');
    assert.equal(verdictOf(of()), 'identical');
    for (const status of ['changed', 'retyped'] as const) assert.equal(verdictOf(of('identical', status, 'unread')), 'different');
    assert.equal(verdictOf(of('identical', 'unread')), 'undecided');
    assert.equal(describeStatuses(of('identical', 'changed', 'changed', 'unread').summary), '2 changed · 1 identical · 1 unread');
    assert.equal(describeStatuses(of().summary), 'no tensors');
  });

  it('settings, files and metadata that differ are a difference too', () => {
    const none = { settings: [], adapter: [], making: [], metadata: [], files: [] };
    const report = reportOf([tensorDiff('t', { status: 'identical' })]);
    for (const kind of ['settings', 'adapter', 'metadata', 'files'] as const) {
      assert.equal(verdictOf({ ...report, companions: { ...none, [kind]: [{ name: 'x', a: '1', b: null }] } }), 'different');
    }
  });

  it('says how much was compared wherever that is not all', () => {
    const covering = (compared: number, parameters: number, uncountedWeights = 0) =>
      describeCoverage({ ...reportOf([]).summary, coverage: { compared, parameters, uncountedWeights } });
    assert.equal(covering(10, 10), null);
    assert.equal(covering(29, 100), 'compared 29.0% of the parameters (29 of 100)');
    assert.match(covering(0, 0, 2) ?? '', /none of 2 weights in codes without a formula/);
    assert.equal(describeCoverage({ ...reportOf([]).summary, coverage: null }), null);
  });
});
