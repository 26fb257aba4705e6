import assert from 'node:assert/strict';
import { copyFile, cp, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluate, planEvaluation, type EvaluateRequest } from '../../../../src/evaluate/index.js';
import { defaultSettings } from '../../../../src/evaluate/request.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

const sample = (name: string): string => join(__dirname, '../../../../samples', name);

describe('results of one model and the next at its place', function () {
  this.timeout(60_000);
  const at = temporaryFolder();

  before(async () => {
    await cp(sample('base-1'), at('model'), { recursive: true });
    await writeFile(at('text.txt'), (await readFile(sample('text/english.txt'), 'utf8')).slice(0, 3000));
  });

  function request(path: string, part: Partial<EvaluateRequest['settings']> = {}): EvaluateRequest {
    return {
      inputs: [{ role: 'model', path, expect: 'checkpoint' }],
      candidates: [{ label: 'model', combination: { steps: [{ scale: 1, plus: 'model', minus: null }] } }],
      tasks: [at('text.txt')],
      choices: { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' },
      settings: { ...defaultSettings, window: 128, cacheFolder: at('cache'), ...part },
    };
  }

  async function loss(path: string, part: Partial<EvaluateRequest['settings']> = {}): Promise<number> {
    const [score] = (await evaluate(request(path, part))).candidates[0]!.scores;
    assert.ok(score?.kind === 'loss');
    return score.loss;
  }

  const cachedCount = async (path: string): Promise<number> => (await planEvaluation(request(path))).cachedCount;

  /** Puts a file in the place of another, with that one's time; both have the same length. */
  async function replace(path: string, by: string): Promise<void> {
    const { size } = await stat(path);
    await copyFile(by, path);
    assert.equal((await stat(path)).size, size);
    await utimes(path, 1e9, 1e9);
  }

  it('are another model’s only where the weights are, whatever time, length and header say', async () => {
    const weights = at('model/model.safetensors');
    const before = [await readFile(weights), await readFile(sample('finetuned-1/model.safetensors'))];
    const header = (bytes: Buffer): Buffer => bytes.subarray(0, 8 + Number(bytes.readBigUInt64LE(0)));
    assert.deepEqual(header(before[0]!), header(before[1]!));
    await utimes(weights, 1e9, 1e9);
    const first = await loss(at('model'));
    assert.equal(await cachedCount(at('model')), 1);
    await replace(weights, sample('finetuned-1/model.safetensors'));
    assert.equal(await cachedCount(at('model')), 0);
    const second = await loss(at('model'));
    assert.equal(second, await loss(sample('finetuned-1'), { cacheFolder: null }));
    assert.notEqual(second, first);
    await replace(weights, sample('base-1/model.safetensors'));
    assert.equal(await loss(at('model')), first);
  });

  it('are found for a copy elsewhere', async () => {
    await loss(at('model'));
    await cp(at('model'), at('elsewhere/copy'), { recursive: true });
    assert.equal(await cachedCount(at('elsewhere/copy')), 1);
  });

  it('are another’s for another configuration, or a tokenizer that makes other tokens, of the same time and length', async () => {
    await cp(at('model'), at('edited'), { recursive: true });
    const edit = async (name: string, from: string, to: string): Promise<void> => {
      const text = await readFile(at('edited', name), 'utf8');
      assert.ok(text.includes(from) && from.length === to.length);
      await utimes(at('edited', name), 1e9, 1e9);
      assert.equal(await cachedCount(at('edited')), 1);
      await writeFile(at('edited', name), text.replace(from, to));
      await utimes(at('edited', name), 1e9, 1e9);
      assert.equal(await cachedCount(at('edited')), 0);
      await writeFile(at('edited', name), text);
    };
    await loss(at('edited'));
    await edit('config.json', '"rms_norm_eps": 1e-05', '"rms_norm_eps": 1e-03');
    await edit('tokenizer.json', '"ids": [\n          0\n', '"ids": [\n          5\n'); // the token before each text
  });
});
