import assert from 'node:assert/strict';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reportFromJson } from '../../../src/compare/index.js';
import { manifestName, readManifest } from '../../../src/combine/index.js';
import { openModel } from '../../../src/model/index.js';
import { writeSafetensors, type TensorToWrite } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { encode } from '../../unit/compute/support/chunks.js';
import { runCli } from './support/runCli.js';

const weight = (...values: readonly number[]): TensorToWrite[] => [
  { name: 'w', dtype: 'F32', shape: [values.length], bytes: encode('F32', values) },
];

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

describe('command line: addresses', () => {
  const at = temporaryFolder();

  async function writePipeline(name: string, parts: Readonly<Record<string, readonly number[]>>): Promise<string> {
    const classes = Object.fromEntries(Object.keys(parts).map((part) => [part, ['diffusers', 'Model']]));
    await writeText(at(name, 'model_index.json'), JSON.stringify({ _class_name: 'Pipeline', ...classes }));
    for (const [part, values] of Object.entries(parts))
      await writeSafetensors(at(name, part, 'diffusion_pytorch_model.safetensors'), weight(...values));
    return at(name);
  }

  describe('two pipelines', () => {
    let a: string;
    let b: string;

    beforeEach(async () => {
      a = await writePipeline('a', { unet: [3, 4], vae: [1] });
      b = await writePipeline('b', { unet: [3, 4.5], vae: [1], text: [1] });
    });

    it('are compared part by part, with one exit code', async () => {
      const { code, stdout, stderr } = await runCli(['diff', a, b, '--exit-code']);
      assert.deepEqual([code, stderr], [1, '']);
      assert.match(stdout, /a#unet → b#unet\n/);
      assert.match(stdout, /\npart +result +rel\. change\nunet +different +0\.100\nvae +identical +0\ntext +only in B *\n$/);
      assert.equal((await runCli(['diff', a, b])).code, 0);
      assert.equal((await runCli(['diff', a, a, '--exit-code'])).code, 0);
    });

    it('as JSON, and as a report for each part that opens in VS Code', async () => {
      const out = at('report.modeldiff.json');
      const { code, stdout } = await runCli(['diff', a, b, '--json', '--out', out]);
      assert.equal(code, 0);
      const { parts } = JSON.parse(stdout) as { parts: { name: string; kind: string; report?: { summary: { relativeChange: number } } }[] };
      assert.deepEqual(
        parts.map(({ name, kind, report }) => [name, kind, report?.summary.relativeChange]),
        [
          ['unet', 'compared', 0.1],
          ['vae', 'compared', 0],
          ['text', 'only-b', undefined],
        ],
      );
      const saved = reportFromJson(await readFile(at('report.unet.modeldiff.json'), 'utf8'));
      assert.deepEqual([saved.a.path, saved.a.name], [`${a}#unet`, 'a#unet']);
      assert.equal((await runCli(['diff', a, b, '--out', out])).code, 2, 'no report is overwritten');
    });

    it('a part that cannot be read does not keep the others from it', async () => {
      await writeText(join(b, 'vae/diffusion_pytorch_model.safetensors'), 'damaged');
      const { code, stdout } = await runCli(['diff', a, b]);
      assert.equal(code, 2);
      assert.match(stdout, /unet +different +0\.100\nvae +not compared *\n[\s\S]*error: vae: .*not a safetensors file/);
    });

    it('are shown part by part; other commands name the parts', async () => {
      const { code, stdout } = await runCli(['inspect', a]);
      assert.equal(code, 0);
      assert.match(stdout, /^a#unet · [\s\S]*\na#vae · /);
      const refused = await runCli(['transfer', '--finetuned', a, '--base', a, '--target', a, '--out', at('out')]);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /pipeline of several models.*a#unet and .*a#vae/);
      assert.match((await runCli(['diff', a, `${b}#unet`])).stderr, /pipeline of several models/);
    });
  });

  it('variants of a pipeline, where parts have one', async () => {
    const a = await writePipeline('pipe', { unet: [3, 4], vae: [1] });
    await writeSafetensors(join(a, 'unet/diffusion_pytorch_model.fp16.safetensors'), weight(3, 4));
    const { stdout } = await runCli(['inspect', `${a}#fp16`, '--json']);
    const { parts } = JSON.parse(stdout) as { parts: { path: string }[] };
    assert.deepEqual(
      parts.map(({ path }) => path),
      [`${a}#unet#fp16`, `${a}#vae`],
    );
  });

  it('a part is an input like any other, and the manifest keeps its address', async () => {
    const pipelines: string[] = [];
    for (const [i, name] of ['base', 'tuned', 'target'].entries())
      pipelines.push(await writePipeline(name, { unet: [1 + i, 2], vae: [7] }));
    const [base, tuned, target] = pipelines.map((pipeline) => `${pipeline}#unet`) as [string, string, string];
    const out = at('out');
    const { code, stderr } = await runCli(['transfer', '--finetuned', tuned, '--base', base, '--target', target, '--out', out]);
    assert.equal(code, 0, stderr);
    const { inputs } = await readManifest(join(out, manifestName));
    assert.deepEqual(inputs.map(({ path }) => path).sort(), [base, tuned, target].sort());
    assert.equal((await openModel(inputs[0]!.path)).path, inputs[0]!.path);
    assert.equal((await runCli(['verify', out, '--deep'])).code, 0);
  });

  it('a cached model by its name, pinned to its commit', async () => {
    const root = at('hub/models--acme--tiny');
    for (const [i, commit] of ['1', '2'].map((digit) => digit.repeat(40)).entries()) {
      await writeSafetensors(join(root, 'blobs', commit), weight(3, 4 + i / 2));
      await mkdir(join(root, 'snapshots', commit), { recursive: true });
      await symlink(`../../blobs/${commit}`, join(root, 'snapshots', commit, 'model.safetensors'));
    }
    await writeText(join(root, 'refs/main'), `${'2'.repeat(40)}\n`);
    const { code, stdout } = await runCli(['diff', `${root}#1111`, at('hub')]);
    assert.equal(code, 0);
    assert.match(stdout, /^acme\/tiny@1111111 → acme\/tiny@2222222\n/);
    assert.match(stdout, /relative change 0\.100 /);
  });

  it('a stale index is a warning of the comparison', async () => {
    for (const name of ['one', 'other']) await writeSafetensors(at(name, 'model.safetensors'), weight(3, 4));
    await writeText(at('one/model.safetensors.index.json'), '{"weight_map":{"w":"model-00001-of-00002.safetensors"}}');
    const { code, stdout } = await runCli(['diff', at('one'), at('other'), '--exit-code']);
    assert.equal(code, 0);
    assert.match(stdout, /1 identical[\s\S]*warning: model\.safetensors\.index\.json names 1 file that is not there/);
  });
});
