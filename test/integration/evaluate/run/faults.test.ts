import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { openModel } from '../../../../src/model/index.js';
import { interpolation } from '../../../../src/combine/index.js';
import { defaultSettings, evaluate, planEvaluation, type EvaluateRequest } from '../../../../src/evaluate/index.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { noChoices, sampleInputs, samplePath } from '../../../unit/evaluate/support/samples.js';

const quiet = { ...defaultSettings, window: 64, limit: 2 };

function request(change: Partial<EvaluateRequest> = {}): EvaluateRequest {
  const candidates = [0, 0.5, 1].map((alpha) => ({ label: `α = ${alpha}`, combination: interpolation('b1', 'b2', alpha) }));
  return { inputs: sampleInputs, candidates, tasks: [samplePath('text', 'french.txt')], choices: noChoices, settings: quiet, ...change };
}

describe('an evaluation of weights that are not finite', () => {
  const folder = temporaryFolder();

  it('goes on, and names the tensor of every candidate that it spoils', async () => {
    const broken = folder('broken');
    await cp(samplePath('base-1'), broken, { recursive: true });
    await poison(broken, 'model.layers.2.mlp.up_proj.weight');
    const inputs = [{ ...sampleInputs[0]!, path: broken }, sampleInputs[1]!];
    const { candidates } = await evaluate(request({ inputs }));
    assert.deepEqual(
      candidates.map(({ nonFinite }) => nonFinite),
      [
        [{ tensor: 'model.layers.2.mlp.up_proj.weight', count: 1 }],
        [{ tensor: 'model.layers.2.mlp.up_proj.weight', count: 1 }],
        [{ tensor: 'model.layers.2.mlp.up_proj.weight', count: 1 }],
      ],
    );
    for (const { scores } of candidates)
      assert.deepEqual(
        scores.map((score) => score.kind === 'loss' && score.loss),
        [NaN],
      );
  });

  /** Makes one BF16 value of a tensor a NaN. */
  async function poison(checkpoint: string, name: string): Promise<void> {
    const { shards, tensors } = await openModel(checkpoint);
    const tensor = tensors.find((candidate) => candidate.name === name)!;
    const file = shards[tensor.shard]!.path;
    const bytes = await readFile(file);
    bytes.writeUInt16LE(0x7fc0, tensor.start + 200);
    await writeFile(file, bytes);
  }
});

describe('an evaluation that is cancelled', () => {
  it('stops between two stages with the reason, and runs again', async () => {
    const controller = new AbortController();
    const onProgress = (): void => controller.abort(new Error('enough'));
    await assert.rejects(evaluate(request(), { signal: controller.signal, onProgress }), /^Error: enough$/);
    assert.equal((await evaluate(request())).candidates.length, 3);
  });

  it('survives being stopped while onnxruntime computes, at any moment', async () => {
    const whole = request({ settings: { ...quiet, window: 512, limit: null } });
    for (const delay of [0, 3, 10, 30, 60, 100]) {
      const controller = new AbortController();
      const abort = (): void => void setTimeout(() => controller.abort(new Error('enough')), delay);
      await assert.rejects(evaluate(whole, { signal: controller.signal, onProgress: onceOnly(abort) }), /^Error: enough$/);
    }
  });

  function onceOnly(call: () => void): () => void {
    let isDue = true;
    return () => {
      if (isDue) call();
      isDue = false;
    };
  }
});

describe('an evaluation that cannot be made', () => {
  const folder = temporaryFolder();

  it('says which file is missing, and what to do', async () => {
    const bare = folder('bare');
    await cp(samplePath('base-1'), bare, { recursive: true, filter: (path) => !path.endsWith('tokenizer.json') });
    const candidates = [{ label: 'bare', combination: interpolation('b1', 'b2', 0) }];
    const inputs = [{ ...sampleInputs[0]!, path: bare }, sampleInputs[1]!];
    await assert.rejects(
      planEvaluation(request({ inputs, candidates })),
      /no tokenizer\.json lies beside the weights of b1 \(\S+bare\)\. .*copy it from the base model/,
    );
  });

  it('names the tensor whose shape the config does not have', async () => {
    const lying = folder('lying');
    await cp(samplePath('base-1'), lying, { recursive: true });
    const config = JSON.parse(await readFile(`${lying}/config.json`, 'utf8')) as Record<string, unknown>;
    await writeFile(`${lying}/config.json`, JSON.stringify({ ...config, intermediate_size: 300 }));
    const candidates = [{ label: 'lying', combination: interpolation('b1', 'b1', 0) }];
    await assert.rejects(
      planEvaluation(request({ inputs: [{ ...sampleInputs[0]!, path: lying }], candidates })),
      /model\.layers\.0\.mlp\.\w+_proj\.weight.*300/,
    );
  });

  it('is refused for a difference of models, and for nothing at all', async () => {
    const difference = { steps: [{ scale: 1, plus: 'f1', minus: 'b1' }] };
    await assert.rejects(planEvaluation(request({ candidates: [{ label: 'Δ', combination: difference }] })), /is a difference of models/);
    await assert.rejects(planEvaluation(request({ candidates: [] })), /nothing to score/);
    await assert.rejects(planEvaluation(request({ tasks: [] })), /nothing to score with/);
  });
});

describe('results that are kept', () => {
  const folder = temporaryFolder();

  it('need no computing again, whatever else is asked for beside them', async () => {
    const settings = { ...quiet, cacheFolder: folder('cache') };
    const first = await evaluate(request({ settings }));
    const asked = { settings, tasks: [samplePath('text', 'french.txt'), samplePath('text', 'python.txt')] };
    const plan = await planEvaluation(request(asked));
    assert.deepEqual([plan.cachedCount, plan.passes], [3, 1]);
    const second = await evaluate(request(asked));
    for (const [i, { scores }] of second.candidates.entries()) assert.deepEqual(scores[0], first.candidates[i]!.scores[0]);
    assert.deepEqual(
      await planEvaluation(request(asked)).then(({ cachedCount, passes, readByteLength }) => [cachedCount, passes, readByteLength]),
      [6, 0, 0],
    );
  });
});

describe('a small memory budget', () => {
  it('costs passes and changes no score', async () => {
    const settings = { ...quiet, limit: 34, window: 256 };
    const candidates = request().candidates.slice(1, 2);
    const whole = await evaluate(request({ settings, candidates }));
    const small = { ...settings, memoryBudget: 1 };
    assert.ok((await planEvaluation(request({ settings: small, candidates }))).passes > 1);
    const split = await evaluate(request({ settings: small, candidates }));
    for (const [i, { scores }] of split.candidates.entries()) {
      const [a, b] = [scores[0]!, whole.candidates[i]!.scores[0]!];
      assert.ok(a.kind === 'loss' && b.kind === 'loss' && Math.abs(a.loss - b.loss) < 1e-6);
    }
  });
});
