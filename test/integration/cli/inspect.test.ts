import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { jobs } from '../../../src/engine/index.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { writeSparse } from '../../support/sparseCheckpoint.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { runCli, sample } from './support/runCli.js';
import { leastBelow, milliseconds } from '../../support/stopwatch.js';

describe('command line: inspect', () => {
  const at = temporaryFolder();

  it('shows a sharded model: a line about it, then one line per module over all layers', async () => {
    const { code, stdout, stderr } = await runCli(['inspect', sample('base-2')]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(
      stdout,
      `base-2 · LlamaForCausalLM · 1.37M parameters · BF16 · 2.74 MB in 2 files · 57 tensors

where       module                    shape       dtype     size
            model.embed_tokens        1024 × 128  BF16    262 kB
            lm_head                   1024 × 128  BF16    262 kB
            model.norm                128         BF16     256 B
layers 0–5  input_layernorm           128         BF16   1.54 kB
layers 0–5  mlp.down_proj             128 × 352   BF16    541 kB
layers 0–5  mlp.gate_proj             352 × 128   BF16    541 kB
layers 0–5  mlp.up_proj               352 × 128   BF16    541 kB
layers 0–5  post_attention_layernorm  128         BF16   1.54 kB
layers 0–5  self_attn.k_proj          64 × 128    BF16   98.3 kB
layers 0–5  self_attn.o_proj          128 × 128   BF16    197 kB
layers 0–5  self_attn.q_proj          128 × 128   BF16    197 kB
layers 0–5  self_attn.v_proj          64 × 128    BF16   98.3 kB
`,
    );
  });

  it('--tensors lists every tensor, cut in the middle where the terminal is narrow', async () => {
    const { stdout } = await runCli(['inspect', sample('base-1'), '--tensors'], { columns: 60 });
    const lines = stdout.split('\n').slice(2, -1);
    assert.equal(lines.length, 58);
    assert.ok(
      lines.every((line) => line.length <= 60),
      'a line is longer than the terminal',
    );
    assert.ok(lines.some((line) => /^model\.layer…/.test(line)));
    assert.ok(lines.some((line) => /^lm_head\.weight +1024 × 128 +BF16 +131,072 +262 kB$/.test(line)));
  });

  it('--tensors has layers in the order of their numbers', async () => {
    const names = ['h.0.w', 'h.1.w', 'h.10.w', 'h.2.w', 'wte'];
    await writeSafetensors(
      at('twelve.safetensors'),
      names.map((name) => ({ name, dtype: 'F32', shape: [1] })),
    );
    const { stdout } = await runCli(['inspect', at('twelve.safetensors'), '--tensors']);
    const listed = stdout.split('\n').flatMap((line) => /^(h\.\d+\.w|wte) /.exec(line)?.[1] ?? []);
    assert.deepEqual(listed, ['h.0.w', 'h.1.w', 'h.2.w', 'h.10.w', 'wte']);
  });

  it('--json prints the whole header information', async () => {
    const { code, stdout } = await runCli(['inspect', sample('base-1'), '--json']);
    const { parameters, ...opened } = await jobs['checkpoint/open'](
      { path: sample('base-1') },
      { signal: new AbortController().signal, report: () => undefined },
    );
    assert.equal(code, 0);
    assert.equal(parameters.length, opened.tensors.length);
    assert.deepEqual(JSON.parse(stdout), {
      ...opened,
      parameterCount: 1_369_728,
      uncountedWeights: 0,
      byteLength: 2_739_456,
      codedWeights: [],
    });
  });

  it('tells findings, and names that would act on a terminal as text', async () => {
    await writeSafetensors(at('hostile.safetensors'), [
      { name: '\u001b[2Jx\r\n<script>', dtype: 'F32', shape: [2] },
      { name: 'y', dtype: 'F8_E4M3FNUZ', shape: [2] },
    ]);
    const { code, stdout } = await runCli(['inspect', at('hostile.safetensors'), '--tensors']);
    assert.equal(code, 0);
    assert.ok(stdout.includes('\\u001b[2Jx\\u000d\\u000a<script>'));
    assert.ok(!stdout.includes('\u001b'));
    assert.match(stdout, /\n(info|warning): .*F8_E4M3FNUZ/);
  });

  it('prints JSON that no terminal obeys and that says the names exactly', async () => {
    const name = '\u009b2J\u202e\u2028x';
    await writeSafetensors(at('hostile-json.safetensors'), [{ name, dtype: 'F32', shape: [2] }]);
    const { stdout } = await runCli(['inspect', at('hostile-json.safetensors'), '--json']);
    assert.ok(stdout.includes('"\\u009b2J\\u202e\\u2028x"'));
    assert.equal((JSON.parse(stdout) as { tensors: { name: string }[] }).tensors[0]!.name, name);
  });

  it('reads headers only: 500 GB are open within a second', async () => {
    await writeSparse(at('huge.safetensors'), [{ name: 'x', dtype: 'BF16', shape: [250, 1_000_000_000] }]);
    const inspect = () => runCli(['inspect', at('huge.safetensors')]);
    assert.ok((await leastBelow(1000, () => milliseconds(inspect))) < 1000);
    const { code, stdout } = await inspect();
    assert.equal(code, 0);
    assert.match(stdout, /^huge · 250B parameters · BF16 · 500 GB in 1 file · 1 tensor\n/);
  });

  it('of a text file says that it is none, and of a folder of checkpoints which are in it', async () => {
    await writeFile(at('notes.txt'), 'hello world');
    await writeFile(at('short.txt'), 'hi');
    for (const name of ['notes.txt', 'short.txt']) {
      const { code, stderr } = await runCli(['inspect', at(name)]);
      assert.equal(code, 2);
      assert.match(
        stderr,
        /: not a safetensors file, but text\. .*Found a file that starts with "(hello wo|hi)"\. Name a \.safetensors file/,
      );
      assert.doesNotMatch(stderr, /damaged/);
    }
    for (const name of ['a', 'deep/b', 'too/deep/c'])
      await writeSafetensors(at('parent', name, 'model.safetensors'), [{ name: 'x', dtype: 'F32', shape: [1] }]);
    const { code, stderr } = await runCli(['inspect', at('parent')]);
    assert.equal(code, 2);
    assert.match(stderr, /holds no weights that are read\. .* Checkpoints in it: a and deep\/b\.\n$/);
  });

  it('of a file without tensors says so', async () => {
    await writeSafetensors(at('none.safetensors'), []);
    const { code, stdout } = await runCli(['inspect', at('none.safetensors')]);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^none · 0 parameters · no values · 0 B in 1 file · 0 tensors\n[^]*warning: The file is valid but holds no tensors\.\n$/,
    );
  });
});
