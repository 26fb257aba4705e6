import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportFromJson, reportToJson, type DiffReport } from '../../../src/compare/report/index.js';
import { runFromJson, runToJson, type ConnectivityRun } from '../../../src/connectivity/report/index.js';
import { manifestText, type Manifest } from '../../../src/combine/run/manifest.js';
import { parseManifest } from '../../../src/combine/run/readManifest.js';
import { ChunkLedger } from '../../../src/combine/run/chunkLedger.js';
import { Journal, readJournal } from '../../../src/combine/run/journal.js';
import { appendRelease, createLineage, readLineage } from '../../../src/recycle/file/lineageFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const goldens = join(import.meta.dirname, '../../goldens/saved');
const saved = (name: string): string => readFileSync(join(goldens, name), 'utf8');

/** Half of a character: JSON can write it, UTF-8 cannot. */
const half = '\ud800';

/** Names that mean something to JSON, to JavaScript, to a terminal, or to a page. */
const hostile = [
  ...[
    'Infinity',
    '-Infinity',
    'NaN',
    'null',
    'undefined',
    'true',
    '1e999',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toJSON',
    'length',
  ],
  ...[
    '',
    ' ',
    '"',
    '\\',
    '/',
    '..',
    '\n',
    '\r\n',
    '\t',
    '\u0000',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u200b',
    '\u202e',
    '\u2028',
    '\u2029',
    '\ufeff',
  ],
  ...[half, '😀', 'e\u0301', '</script>', '${x}', '%s', '$number', '$strings', 'a'.repeat(300)],
];

const textOf = (manifest: Manifest): string => [...manifestText(manifest)].join('');

/** The document with every text of these fields replaced. */
function renamed<T>(document: T, fields: readonly string[], name: string): T {
  const replace = (value: unknown, field = ''): unknown => {
    if (typeof value === 'string') return fields.includes(field) ? name : value;
    if (Array.isArray(value)) return value.map((item) => replace(item, field));
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replace(member, key)]));
  };
  return replace(document) as T;
}

describe('saved files with hostile names read back as they were', () => {
  const folder = temporaryFolder();

  for (const golden of ['finetuned.modeldiff.json', 'statuses.modeldiff.json']) {
    it(golden, () => {
      const report = reportFromJson(saved(golden));
      const fields = [
        'name',
        'nameB',
        'layer',
        'key',
        'label',
        'module',
        'path',
        'modelType',
        'architecture',
        'message',
        'from',
        'to',
        'tensor',
      ];
      for (const name of hostile) {
        const named: DiffReport = { ...renamed(report, fields, name), engine: report.engine };
        assert.deepEqual(reportFromJson(reportToJson(named)), named);
      }
    });
  }

  for (const golden of ['curve', 'sweep', 'matrix', 'plane', 'nan', 'command'].map((name) => `${name}.connectivity.json`)) {
    it(golden, () => {
      const run = runFromJson(saved(golden));
      const fields = [
        'title',
        'name',
        'path',
        'role',
        'identity',
        'hash',
        'formula',
        'include',
        'exclude',
        'tensor',
        'sentence',
        'a',
        'b',
        'base',
        'target',
      ];
      for (const name of hostile) {
        const named: ConnectivityRun = renamed({ ...run, choices: { ...run.choices, include: ['x'] } }, fields, name);
        assert.deepEqual(runFromJson(runToJson(named)), named);
      }
    });
  }

  for (const golden of ['infinity.manifest.json', 'diff-vector.manifest.json']) {
    it(golden, () => {
      const manifest = parseManifest('m', saved(golden));
      for (const name of hostile) {
        const named: Manifest = renamed(
          manifest,
          ['name', 'role', 'path', 'formula', 'reason', 'plus', 'minus', 'template', 'layer', 'include'],
          name,
        );
        const files = named.files.map((file, i) => ({ ...file, name: manifest.files[i]!.name }));
        assert.deepEqual(parseManifest('m', textOf({ ...named, files })), { ...named, files });
      }
    });
  }

  it('an infinite norm stays a number, and a tensor called Infinity keeps its name', () => {
    const { tensors, rounding } = parseManifest('m', saved('infinity.manifest.json'));
    assert.ok(tensors.some(({ name }) => name === 'Infinity'));
    assert.ok(rounding.layers.every(({ normDelta }) => typeof normDelta === 'number'));
    const total = { ...rounding.total, normDelta: Infinity, normLost: Infinity };
    const manifest = { ...parseManifest('m', saved('infinity.manifest.json')), rounding: { ...rounding, total } };
    assert.deepEqual(parseManifest('m', textOf(manifest)), manifest);
  });

  it('journals', async () => {
    for (const [i, name] of hostile.entries()) {
      const path = folder(`${i}.journal`);
      const identity = { inputs: [{ role: name, path: name, name, shards: [] }], digest: 'x' };
      const journal = await Journal.start(path, { identity, files: [name, 'model.safetensors'] }, false);
      const ledger = new ChunkLedger(1);
      ledger.note([0], { hashes: new Uint8Array(16), rounding: new Float64Array(ledger.sumsOf(0).length).fill(Infinity) });
      await journal.record([0], ledger);
      await journal.close();
      const read = await readJournal(path);
      assert.deepEqual([read?.identity, read?.files], [identity, [name, 'model.safetensors']]);
      const again = new ChunkLedger(1);
      read!.replay(again);
      assert.deepEqual(again.sumsOf(0), ledger.sumsOf(0));
    }
  });

  it('lineages', async () => {
    for (const [i, name] of hostile.filter((text) => text !== '' && text !== half).entries()) {
      const path = folder(`${i}.lineage.json`);
      const choices = { strategy: 'iterative', tasks: [name], command: ['train', name, '{start}', '{out}'] } as const;
      const made = await createLineage(path, { ...choices, scoring: { window: null, stride: null, limit: null } });
      const added = await appendRelease(made, { name: 'Infinity', base: name, finetuned: name });
      const { lineage } = await readLineage(path);
      assert.deepEqual([lineage.tasks, lineage.command], [choices.tasks, choices.command], JSON.stringify(name));
      assert.deepEqual([lineage.releases[0]!.base, lineage.releases[0]!.name], [name, 'Infinity']);
      assert.deepEqual(added.lineage, lineage);
    }
  });

  it('and files of today’s lineages open', async () => {
    await writeFile(folder('golden.lineage.json'), saved('two-rounds.lineage.json'));
    const { lineage } = await readLineage(folder('golden.lineage.json'));
    assert.deepEqual(
      lineage.releases.map(({ name, state }) => [name, state]),
      [
        ['v1', 'finetuned'],
        ['v2', 'finetuned'],
      ],
    );
  });
});
