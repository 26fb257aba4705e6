import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { runCli, sample } from './support/runCli.js';

const text = (name: string): string => sample(`text/${name}.txt`);
const scoring = ['--task', text('english'), '--window', '64', '--limit', '2', '--no-cache'];

/** Whether every element closes, as far as pictures go: no comments, no CDATA. */
function assertWellFormed(svg: string): void {
  const open: string[] = [];
  for (const [, slash, name, self] of svg.matchAll(/<(\/?)([\w-]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>/g)) {
    if (slash) assert.equal(open.pop(), name);
    else if (!self) open.push(name!);
  }
  assert.deepEqual(open, []);
  assert.equal(svg.replaceAll(/<\/?[\w-]+(?:\s+[\w:-]+="[^"<]*")*\s*\/?>/g, '').includes('<'), false);
  assert.doesNotMatch(svg, /var\(|NaN|undefined|\[object/);
}

describe('command line: pictures', () => {
  const at = temporaryFolder();

  async function picture(name: string, ...argv: string[]): Promise<string> {
    const { code, stderr } = await runCli([...argv, '--out', at(name)]);
    assert.equal(code, 0, stderr);
    const svg = readFileSync(at(name), 'utf8');
    assertWellFormed(svg);
    return svg;
  }

  it('diff: a cell for each layer and module, and the profile', async () => {
    const svg = await picture('diff.svg', 'diff', sample('base-1'), sample('finetuned-1'), '--top', '0');
    assert.match(svg, /<title>base-1 → finetuned-1<\/title>/);
    for (const label of ['layer 0', 'layer 5', 'self_attn.q_proj', 'mlp.down_proj', 'Relative change by layer'])
      assert.ok(svg.includes(label), label);
    assert.ok((svg.match(/<rect x="[\d.]+" y="[\d.]+" width="33" height="15" fill="(?:rgb|#)/g) ?? []).length >= 6 * 7);
  });

  it('curve: points with their bars, chord and barrier, a figure for each task', async () => {
    const svg = await picture(
      'curve.svg',
      'curve',
      sample('base-1'),
      sample('unrelated'),
      ...scoring,
      '--task',
      text('python'),
      '--points',
      '3',
    );
    assert.equal(svg.match(/class="marker"/g)?.length, 6);
    assert.equal(svg.match(/class="chord"/g)?.length, 2);
    for (const label of ['english · bars: ± one standard error', 'python', 'Loss, nats per token', 'rise '])
      assert.ok(svg.includes(label), label);
  });

  it('sweep: the best scale is ringed', async () => {
    const versions = ['--finetuned', sample('finetuned-1'), '--base', sample('base-1'), '--target', sample('base-2')];
    const svg = await picture('sweep.svg', 'sweep', ...versions, ...scoring, '--points', '3');
    assert.match(svg, /class="optimum"/);
    assert.match(svg, />λ</);
  });

  it('matrix: a cell for each base and transfer', async () => {
    const versions = [
      { name: 'v1', base: sample('base-1'), finetuned: sample('finetuned-1') },
      { name: '<v2>&', base: sample('base-2') },
    ];
    writeFileSync(at('m.json'), JSON.stringify({ versions }));
    const svg = await picture('matrix.svg', 'matrix', at('m.json'), ...scoring);
    assert.equal(svg.match(/class="cell"/g)?.length, 4);
    assert.ok(svg.includes('&lt;v2&gt;&amp;'));
  });

  it('a diff without layers, and names of strangers, are drawn as well', async () => {
    const name = '"/><script>alert(1)</script>\u0000\u202e';
    for (const file of ['a', 'b'])
      await writeSafetensors(at(`${file}.safetensors`), [
        { name, dtype: 'F32', shape: [1], bytes: new Uint8Array([0, 0, 128, file === 'a' ? 63 : 64]) },
      ]);
    const svg = await picture('odd.svg', 'diff', at('a.safetensors'), at('b.safetensors'));
    assert.doesNotMatch(svg, /<script/);
  });

  it('other kinds of pictures are refused before the work', async () => {
    for (const name of ['x.png', 'x.PDF']) {
      const { code, stderr } = await runCli(['diff', sample('base-1'), sample('base-2'), '--out', at(name)]);
      assert.equal(code, 2);
      assert.match(stderr, /pictures as SVG/);
      assert.equal(existsSync(at(name)), false);
    }
    const models = [sample('base-1'), sample('base-2'), sample('unrelated')];
    const { code, stderr } = await runCli(['plane', ...models, ...scoring, '--out', at('plane.svg')]);
    assert.equal(code, 2);
    assert.match(stderr, /no picture of a plane/);
  });
});
