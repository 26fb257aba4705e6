import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { FilePlace } from '../../../src/base/writeWhole.js';
import { reportFromJson, reportToCsv, reportToMarkdown, type DiffReport } from '../../../src/compare/index.js';
import { writeSafetensors, type TensorToWrite } from '../../support/safetensorsFile.js';
import { writeSparse } from '../../support/sparseCheckpoint.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { encode } from '../../unit/compute/support/chunks.js';
import { runCli, sample } from './support/runCli.js';

const samples = [sample('base-1'), sample('finetuned-1')] as const;

/** Tells times from the rest. */
function timeless(text: string): string {
  return text.replace(/\d+\.\d\d s/, '0.00 s');
}

function float32(name: string, values: readonly number[]): TensorToWrite {
  return { name, dtype: 'F32', shape: [values.length], bytes: encode('F32', values) };
}

describe('command line: diff', () => {
  const at = temporaryFolder();

  async function files(a: readonly TensorToWrite[], b: readonly TensorToWrite[]): Promise<readonly [string, string]> {
    await Promise.all([writeSafetensors(at('a.safetensors'), a), writeSafetensors(at('b.safetensors'), b)]);
    return [at('a.safetensors'), at('b.safetensors')];
  }

  it('lists the tensors that changed most, then totals (values from numpy)', async () => {
    const { code, stdout, stderr } = await runCli(['diff', ...samples, '--top', '3', '--engine', 'simd']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(
      timeless(stdout),
      `base-1 → finetuned-1

tensor                                  status   rel. change  cosine  max |Δ|  changed
lm_head.weight                          changed        0.263   0.966   0.0791    99.4%
model.layers.0.self_attn.v_proj.weight  changed        0.242   0.972   0.0364    99.4%
model.layers.3.mlp.down_proj.weight     changed        0.205   0.980   0.0464    99.1%
… and 54 more (--top N, --json)

57 changed
relative change 0.187 · cosine 0.983 · max |Δ| 0.0791 · 99.0% of values changed
file tokenizer_config.json: 191 bytes, sha256 cc3af63a1a03 → 428 bytes, sha256 755ee3f1a668
5.48 MB in 0.00 s · WebAssembly SIMD
`,
    );
  });

  it('--json prints the report with all its fields and the values numpy finds', async () => {
    const { stdout } = await runCli(['diff', ...samples, '--json', '--engine', 'simd']);
    assert.ok(stdout.endsWith('}\n'));
    const report = JSON.parse(stdout) as DiffReport;
    for (const part of ['a', 'b', 'engine', 'summary', 'layers', 'tensors']) assert.ok(part in report, part);
    assert.deepEqual([report.a.path, report.b.path, report.engine.name], [...samples, 'simd']);
    const fields = [
      'name',
      'status',
      'dtypeA',
      'dtypeB',
      'shapeA',
      'shapeB',
      'normA',
      'normB',
      'normDelta',
      'relativeChange',
      'cosine',
      'maxAbsDelta',
      'changedCount',
      'signFlips',
      'nonFiniteA',
      'nonFiniteB',
      'histogram',
    ];
    for (const tensor of report.tensors)
      assert.deepEqual(
        fields.filter((field) => !(field in tensor)),
        [],
      );
    const { summary } = report;
    const expected = {
      normA: 90.44649538456186,
      normB: 91.20134531828765,
      normDelta: 16.937812983785992,
      relativeChange: 0.18726886997411596,
      cosine: 0.9826448543792993,
    };
    for (const [field, value] of Object.entries(expected))
      assert.ok(Math.abs(summary[field as keyof typeof expected]! - value) < 1e-6 * value, field);
    assert.deepEqual(
      [summary.maxAbsDelta, summary.changedCount, summary.signFlips, summary.comparedCount],
      [0.0791015625, 1_356_169, 77_694, 1_369_728],
    );
    assert.deepEqual(
      report.layers.map(({ label }) => label),
      ['outside layers', 'layer 0', 'layer 1', 'layer 2', 'layer 3', 'layer 4', 'layer 5'],
    );
  });

  it('--json writes NaN and infinities as strings', async () => {
    const { stdout } = await runCli(['diff', ...(await files([float32('x', [0, 0])], [float32('x', [1, 2])])), '--json']);
    const [tensor] = (JSON.parse(stdout) as { tensors: Record<string, unknown>[] }).tensors;
    assert.deepEqual([tensor!['relativeChange'], tensor!['cosine']], ['Infinity', 'NaN']);
  });

  it('tells every status, findings, the prefix map, and nothing a terminal would obey', async () => {
    const both = [float32('m.x', [1]), float32('m.y', [2])];
    const wrapped = both.map((tensor) => ({ ...tensor, name: `wrap.${tensor.name}` }));
    const odd: TensorToWrite[] = [
      { name: 'grown', dtype: 'F32', shape: [1, 2], bytes: encode('F32', [1, 1]) },
      { name: 'shrunk', dtype: 'F32', shape: [2, 1], bytes: encode('F32', [1, 1]) },
      { name: 'shape', dtype: 'F32', shape: [3, 1], bytes: encode('F32', [1, 1, 1]) },
      { name: 'type', dtype: 'F32', shape: [1], bytes: encode('F32', [1]) },
      { name: 'four', dtype: 'F4', shape: [2], bytes: Uint8Array.of(1) },
    ];
    const changed: TensorToWrite[] = [
      { name: 'grown', dtype: 'F32', shape: [3, 2], bytes: encode('F32', [1, 1, 1, 1, 1, 1]) },
      { name: 'shrunk', dtype: 'F32', shape: [1, 1], bytes: encode('F32', [1]) },
      { name: 'shape', dtype: 'F32', shape: [1, 2], bytes: encode('F32', [1, 1]) },
      { name: 'type', dtype: 'BF16', shape: [1], bytes: encode('BF16', [1]) },
      { name: 'four', dtype: 'F4', shape: [2], bytes: Uint8Array.of(2) },
      float32('\u001b[2J', [NaN]),
    ];
    const { code, stdout } = await runCli(['diff', ...(await files([...both, ...odd], [...wrapped, ...changed]))]);
    assert.equal(code, 0);
    assert.ok(!stdout.includes('\u001b'));
    for (const pattern of [
      /^names in B: wrap\.… is taken without that prefix in A$/m,
      /^grown +grown 1 → 3 +0 +1 +0 +0%$/m,
      /^shrunk +shrunk 2 → 1 +0 +1 +0 +0%$/m,
      /^shape +reshaped \[3, 1\] → \[1, 2\] +– +– +– +–$/m,
      /^type +retyped F32 → BF16 +0 +1 +0 +0%$/m,
      /^four +changed +– +– +– +100% of codes/m,
      /^\\u001b\[2J +added +–/m,
      /^1 changed · 2 identical · 1 retyped · 1 grown · 1 shrunk · 1 reshaped · 1 added$/m,
      /^warning: 1 weight stored as codes of an unknown scheme, or with a part missing: "four"\./m,
      /^info: grown has 1 rows in A and 3 in B; the first 1 rows are compared, by index\.$/m,
      /^info: shrunk has 2 rows in A and 1 in B; the first 1 rows are compared, by index\.$/m,
    ])
      assert.match(stdout, pattern);
  });

  it('names no engine where no values were read, because files are the same or nothing matches', async () => {
    const [a, b] = await files([float32('x', [1])], [float32('y', [1])]);
    for (const [pair, statuses] of [
      [[a, a], '1 identical'],
      [[a, b], '1 added · 1 removed'],
    ] as const) {
      const { stdout } = await runCli(['diff', ...pair]);
      assert.match(stdout, new RegExp(`^${statuses}\n(?:.*\n)?8 B in \\d+\\.\\d\\d s · no values read$`, 'm'));
      const { engine } = JSON.parse((await runCli(['diff', ...pair, '--json'])).stdout) as DiffReport;
      assert.deepEqual([engine.name, engine.detail], ['none', 'no values read']);
    }
  });

  it('--prefix-map =TO adds a prefix, and what matches nothing is a warning, not said to be used', async () => {
    const inputs = await files([float32('a.x', [1])], [float32('x', [1])]);
    const { stdout } = await runCli(['diff', ...inputs, '--prefix-map', 'q.=r.', '--prefix-map', '=a.']);
    assert.match(
      stdout,
      /\nnames in B are taken with a\. before them in A\nmatched 1 tensor: prefix a\. added\n\nidentical: .*\n1 identical\n/,
    );
    assert.match(stdout, /\nwarning: The prefix rule "q\.=r\." is not applied: /);
  });

  it('--prefix-map is used as given, several of them, and replaces the proposal', async () => {
    const inputs = await files([float32('a.x', [1]), float32('b.x', [2])], [float32('one.x', [1]), float32('two.x', [3])]);
    const { stdout } = await runCli(['diff', ...inputs, '--prefix-map', 'one.=a.', '--prefix-map', 'two.=b.', '--json']);
    assert.deepEqual(
      (JSON.parse(stdout) as DiffReport).tensors.map(({ name, nameB, status }) => [name, nameB, status]),
      [
        ['a.x', 'one.x', 'identical'],
        ['b.x', 'two.x', 'changed'],
      ],
    );
  });

  it('--exit-code is 1 when anything differs, 0 when nothing does', async () => {
    const equal = await files([float32('x', [1])], [float32('x', [1])]);
    assert.equal((await runCli(['diff', ...equal, '--exit-code'])).code, 0);
    assert.equal((await runCli(['diff', equal[0], equal[0], '--exit-code'])).code, 0);
    assert.equal((await runCli(['diff', ...samples, '--exit-code'])).code, 1);
  });

  it('--out writes JSON, CSV and Markdown by the name of the file', async () => {
    const paths = ['report.modeldiff.json', 'report.csv', 'report.md'].map((name) => at(name));
    for (const path of paths) assert.equal((await runCli(['diff', ...samples, '--out', path])).code, 0);
    const [json, csv, markdown] = paths.map((path) => readFileSync(path, 'utf8'));
    const report = reportFromJson(json!);
    assert.equal(csv, reportToCsv(report));
    assert.equal(markdown!.replace(/ on [^ ]*$/m, ''), reportToMarkdown(report).replace(/ on [^ ]*$/m, ''));
  });

  it('--out refuses to overwrite before anything is read, and overwrites when told to', async () => {
    const out = at('kept.json');
    await writeFile(out, 'precious');
    const refused = await runCli(['diff', '/absent/a', '/absent/b', '--out', out]);
    assert.deepEqual(refused, {
      code: 2,
      stdout: '',
      stderr: `model-rebase: ${out}: exists already. Choose another name, or add --overwrite to replace it.\n`,
    });
    assert.equal(readFileSync(out, 'utf8'), 'precious');
    assert.equal((await runCli(['diff', ...samples, '--out', out, '--overwrite'])).code, 0);
    assert.equal(reportFromJson(readFileSync(out, 'utf8')).tensors.length, 57);
  });

  it('--out names who is writing there, before anything is read, and leaves no trace of its own', async () => {
    const out = at('owned.modeldiff.json');
    const place = await FilePlace.claim(out);
    const refused = await runCli(['diff', '/absent/a', '/absent/b', '--out', out, '--overwrite']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, new RegExp(`owned\\.modeldiff\\.json is being written by process ${process.pid} on .*, since 20`));
    await place.release();
    assert.equal((await runCli(['diff', '/absent/a', '/absent/b', '--out', out])).code, 2);
    assert.equal(existsSync(`${out}.partial`), false);
  });

  it('--workers changes nothing but the time', async () => {
    const outputs = await Promise.all(['1', '3'].map((workers) => runCli(['diff', ...samples, '--workers', workers])));
    assert.equal(timeless(outputs[0]!.stdout), timeless(outputs[1]!.stdout));
  });

  it('fits the table to a narrow terminal', async () => {
    const { stdout } = await runCli(['diff', ...samples, '--top', '5'], { columns: 70 });
    const table = stdout.split('\n').slice(2, 8);
    assert.ok(table.every((line) => line.length <= 70));
    assert.match(table[2]!, /^model\.layer…roj\.weight +changed/);
  });

  it('draws progress on a terminal and wipes it before the result; draws none elsewhere', async () => {
    const large = [{ name: 'x', dtype: 'BF16', shape: [12, 1024, 1024] }] as const;
    await Promise.all([writeSparse(at('large-a.safetensors'), large), writeSparse(at('large-b.safetensors'), large)]);
    const argv = ['diff', at('large-a.safetensors'), at('large-b.safetensors'), '--engine', 'simd', '--workers', '1'];
    const drawn = await runCli(argv, { interactive: true });
    const frames = drawn.stderr.split('\r\u001b[2K');
    assert.equal(frames[0], '');
    assert.equal(frames.at(-1), '');
    assert.ok(frames.length >= 3);
    for (const frame of frames.slice(1, -1))
      assert.match(frame, /^█*░* {1,2}\d+ % {2}[\d.]+ MB of 50\.3 MB {2}[\d.]+ [kMG]B\/s {2}[\d.]+ s left$/);
    assert.equal((await runCli(argv)).stderr, '');
  });

  it('cancelled: exit code 2, nothing on stdout, nothing written', async () => {
    const controller = new AbortController();
    const large = [{ name: 'x', dtype: 'BF16', shape: [2 ** 31] }] as const;
    await Promise.all([writeSparse(at('endless-a.safetensors'), large), writeSparse(at('endless-b.safetensors'), large)]);
    const out = at('cancelled.json');
    setTimeout(() => controller.abort(), 150);
    const outcome = await runCli(['diff', at('endless-a.safetensors'), at('endless-b.safetensors'), '--engine', 'simd', '--out', out], {
      signal: controller.signal,
    });
    assert.deepEqual(outcome, { code: 2, stdout: '', stderr: 'model-rebase: Cancelled.\n' });
    assert.ok(!existsSync(out));
  });
});
