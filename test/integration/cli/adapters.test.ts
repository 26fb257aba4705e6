import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../../src/model/index.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { encode } from '../../unit/compute/support/chunks.js';
import { root, runCli, sample } from './support/runCli.js';

const goldens = join(root, 'test', 'goldens', 'adapters');
const text = join(root, 'samples', 'text', 'LICENSES.txt');

describe('command line: adapters', () => {
  const at = temporaryFolder();

  /** A LoRA of rank 1 for the query projections of a sample. */
  async function writeAdapter(name: string, base: string, alpha: number): Promise<string> {
    const { parameters } = await openModel(base);
    const tensors = parameters
      .filter((parameter) => parameter.name.endsWith('q_proj.weight'))
      .flatMap(({ name: weight, shape }) => {
        const [rows, columns] = shape as [number, number];
        const factor = (side: string, sizes: readonly [number, number]) => {
          const values = Array.from({ length: sizes[0] * sizes[1] }, (_, i) => Math.sin(i + 1) / 8);
          return {
            name: `base_model.model.${weight.replace('weight', `lora_${side}.weight`)}`,
            dtype: 'F32',
            shape: sizes,
            bytes: encode('F32', values),
          } as const;
        };
        return [factor('A', [1, columns]), factor('B', [rows, 1])];
      });
    await writeSafetensors(at(name, 'adapter_model.safetensors'), tensors);
    const settings = { peft_type: 'LORA', r: 1, lora_alpha: alpha, target_modules: ['q_proj'], base_model_name_or_path: 'base-1' };
    await writeFile(at(name, 'adapter_config.json'), JSON.stringify(settings));
    return at(name);
  }

  it('of equal ΔW end with 0 and say that they are equal up to rounding', async () => {
    const { code, stdout } = await runCli(['diff', join(goldens, 'lora'), join(goldens, 'lora'), '--exit-code']);
    assert.deepEqual([code, /identical/.test(stdout)], [0, true]);
    const twice = await runCli([
      'diff',
      await writeAdapter('one', sample('base-1'), 1),
      await writeAdapter('two', sample('base-1'), 2),
      '--exit-code',
    ]);
    assert.equal(twice.code, 1);
    assert.match(twice.stdout, /relative change 1\.00 · cosine 1\n.*made with lora_alpha: 1 → 2\n[^]*exact up to 1e-6 of ‖ΔW‖/);
  });

  it('with a base are inspected and compared as models', async () => {
    const sum = `${sample('base-1')}+${await writeAdapter('inspected', sample('base-1'), 1)}*0.5`;
    const inspected = await runCli(['inspect', sum]);
    assert.match(inspected.stdout, /^base-1\+inspected\*0\.5 · LlamaForCausalLM/);
    assert.match(inspected.stdout, /inspected, a LoRA adapter \(PEFT\) of rank 1, changes \d+ weights\. Its ΔW is taken 0\.5 times\./);
    const compared = await runCli(['diff', sample('base-1'), sum]);
    assert.match(compared.stdout, /q_proj\.weight +changed/);
    assert.doesNotMatch(compared.stdout, /retyped/);
  });

  it('are scored at many scales, beside the target alone', async () => {
    const adapter = await writeAdapter('swept', sample('base-1'), 1);
    const words = ['--task', text, '--limit', '2', '--points', '2', '--from', '0', '--to', '1', '--json', '--no-cache'];
    const swept = await runCli(['sweep', '--finetuned', adapter, '--target', sample('base-1'), ...words]);
    assert.equal(swept.code, 0, swept.stderr);
    const scored = await runCli(['evaluate', `${sample('base-1')}+${adapter}`, '--task', text, '--limit', '2', '--json', '--no-cache']);
    const last = (JSON.parse(swept.stdout) as { points: { lambda: number; loss: number }[] }).points.find(({ lambda }) => lambda === 1)!;
    const [candidate] = (JSON.parse(scored.stdout) as { candidates: { scores: { loss: number }[] }[] }).candidates;
    assert.equal(last.loss, candidate!.scores[0]!.loss);
    const refused = await runCli(['sweep', '--finetuned', sample('finetuned-1'), '--target', sample('base-1'), '--task', text]);
    assert.deepEqual([refused.code, /--base is missing.*it is no adapter/.test(refused.stderr)], [2, true]);
  }).timeout(60_000);

  it('are rounds of a lineage', async () => {
    const adapter = await writeAdapter('round', sample('base-1'), 1);
    const file = at('models.lineage.json');
    assert.equal((await runCli(['recycle', 'init', file])).code, 0);
    const added = await runCli(['recycle', 'add', file, '--name', 'one', '--base', sample('base-1'), '--finetuned', adapter]);
    assert.equal(added.code, 0, added.stderr);
    const status = await runCli(['recycle', 'status', file]);
    assert.match(status.stdout, /one +finetuned/);
    assert.match(readFileSync(file, 'utf8'), /adapter_config\.json/);
  });

  it('are written for another base, and not with options of weights', async () => {
    const words = ['transfer', '--finetuned', join(goldens, 'lora'), '--target', join(goldens, 'bases', 'llama'), '--out', at('written')];
    const { code, stdout } = await runCli([...words, '--as', 'adapter']);
    assert.deepEqual([code, /the same factors\. All 4 weights/.test(stdout)], [0, true]);
    const wrong = await runCli([...words, '--as', 'adapter', '--dtype', 'BF16']);
    assert.match(wrong.stderr, /keeps the factors as they are, so --dtype says nothing/);
  });
});
