import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { CompanionReader } from '../../../src/checkpoint/index.js';
import { planCandidates, transfer } from '../../../src/combine/index.js';
import { inOrder, tokenizerJson } from '../../support/tokenizerJson.js';
import { withoutPrivileges } from '../../support/withoutPrivileges.js';
import { ModelBench, plannedFile, tensor } from './support/models.js';

const companions = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'generation_config.json', 'LICENSE'];
const choices = { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' } as const;

describe('a companion that is there and cannot be read', () => {
  const bench = new ModelBench();
  const weights = [tensor('model.embed_tokens.weight', [3, 4]), tensor('norm.weight', [4])];

  beforeEach(async () => {
    const files = {
      'config.json': { model_type: 'tiny', vocab_size: 3 },
      'tokenizer.json': tokenizerJson(inOrder('a', 'b', 'c')),
      'tokenizer_config.json': { chat_template: 'x' },
      'generation_config.json': { eos_token_id: 1 },
      LICENSE: 'free',
    };
    for (const name of ['t', 'f', 'b']) await bench.write(name, { shards: [weights], files });
  });

  /** Puts something else in the place of a target's file, and expects a refusal that names it. */
  async function refuses(name: string, put: (path: string) => unknown, message: RegExp): Promise<void> {
    const path = bench.path(`t/${name}`);
    await rename(path, `${path}.aside`);
    await put(path);
    await assert.rejects(bench.plan(), (error: Error) => {
      assert.ok(error.message.startsWith(`${path}: `), error.message);
      assert.match(error.message, message, name);
      assert.match(error.message, /\. [A-Z][^.]+\.$/, `${name}: ${error.message}`);
      return true;
    });
    await rm(path, { recursive: true });
    await rename(`${path}.aside`, path);
  }

  it('refuses pipes, devices, folders and links to nothing', async function () {
    if (process.platform === 'win32') this.skip();
    for (const name of companions) {
      await refuses(name, (path) => execFileSync('mkfifo', [path]), /not a regular file.*Found a device, pipe or socket/);
      await refuses(name, (path) => symlink('/dev/zero', path), /not a regular file.*Found a device, pipe or socket/);
      await refuses(name, (path) => symlink('../blobs/missing', path), /a link to a file that is not there\. Found a link to/);
    }
    for (const name of ['config.json', 'tokenizer.json']) await refuses(name, (path) => mkdir(path), /it is a folder/);
  });

  it('refuses files beyond any sane size', async () => {
    for (const name of companions) {
      const put = async (path: string): Promise<void> => {
        await writeFile(path, '');
        await truncate(path, 2 ** 40);
      };
      await refuses(name, put, /too large to be what its name says/);
    }
  });

  it('refuses JSON files that are cut off, empty, no text or no object', async () => {
    const damaged = [
      '',
      '{"model_type": "ti',
      '<html>',
      '[]',
      'null',
      '"x"',
      '{"a": "\xff"}',
      'version https://git-lfs.github.com/spec/v1\n',
    ];
    for (const name of companions.filter((companion) => companion.endsWith('.json'))) {
      for (const content of damaged) await refuses(name, (path) => writeFile(path, content, 'latin1'), /: it is |no vocabulary/);
    }
  });

  it('refuses a tokenizer.json of a library that is not known', async () => {
    for (const content of ['{}', '{"model": {}}', '{"model": {"type": "BPE", "vocab": 1}}'])
      await refuses('tokenizer.json', (path) => writeFile(path, content), /no vocabulary can be read from it.*move it away/);
  });

  it('refuses what the user may not read', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('chmod', ['755', bench.folder]);
    for (const name of companions) {
      const path = bench.path(`t/${name}`);
      execFileSync('chmod', ['000', path]);
      await withoutPrivileges(() => assert.rejects(bench.plan(), { name: 'FileAccessError', message: /permission denied/ }));
      execFileSync('chmod', ['644', path]);
    }
  });

  it('refuses the same of the other models, and for candidates that are only scored', async () => {
    const { inputs } = bench.request();
    for (const model of ['f', 'b']) {
      for (const name of ['config.json', 'tokenizer.json']) {
        const path = bench.path(`${model}/${name}`);
        const whole = readFileSync(path);
        await writeFile(path, '{"cut');
        await assert.rejects(bench.plan({ vocabulary: 'rows' }), { name: 'FormatError', message: /it is not JSON/ });
        const planned = planCandidates([transfer('target', 'finetuned', 'base')], inputs, choices, 'decoded');
        await assert.rejects(planned, { name: 'FormatError', message: /it is not JSON/ });
        await writeFile(path, whole);
      }
    }
  });

  it('refuses what may say that the weights are codes, or those of an adapter', async () => {
    for (const name of ['adapter_config.json', 'hf_quant_config.json', 'quantize_config.json', 'quant_config.json']) {
      await writeFile(bench.path(`f/${name}`), '{"bits": 4');
      await assert.rejects(bench.plan(), { name: 'FormatError', message: new RegExp(`f/${name}: it is not JSON`) });
      await rm(bench.path(`f/${name}`));
    }
  });

  it('takes numbers as Python writes them for what they are', async () => {
    for (const name of ['config.json', 'tokenizer_config.json', 'generation_config.json']) {
      const path = bench.path(`t/${name}`);
      await writeFile(path, readFileSync(path, 'utf8').replace('{', '{"limit": [0.0, Infinity], "unknown": NaN, '));
    }
    const plan = await bench.plan({ dtype: 'F32' });
    assert.deepEqual(plan.refusals, []);
    assert.match(plannedFile(plan, 'config.json').content!, /"limit": \[0\.0, Infinity\], "unknown": NaN, /);
  });

  it('falls back where it is absent', async () => {
    for (const name of companions) await rm(bench.path(`t/${name}`));
    const plan = await bench.plan();
    assert.equal(plan.vocabulary?.rule, 'rows');
    assert.deepEqual(plan.refusals, []);
    assert.ok(plan.findings.some(({ code }) => code === 'no-config'));
  });
});

describe('companions of a plan', () => {
  const bench = new ModelBench();

  it('are read once: all that is planned follows from the bytes that were read first', async () => {
    const files = {
      'config.json': '{"model_type":"tiny","vocab_size":3}',
      LICENSE: 'free',
      'tokenizer.json': tokenizerJson(inOrder('a', 'b', 'c')),
    };
    for (const name of ['t', 'f', 'b']) await bench.write(name, { shards: [[tensor('model.embed_tokens.weight', [3, 4])]], files });
    const reader = new CompanionReader();
    for (const name of Object.keys(files)) await reader.bytes(bench.path(`t/${name}`));
    for (const name of Object.keys(files)) await writeFile(bench.path(`t/${name}`), 'cut o');
    const { combination, inputs } = bench.request();
    const [plan] = await planCandidates([combination], inputs, choices, 'decoded', undefined, reader);
    assert.equal(plan!.vocabulary?.rule, 'same');
    const hashes = plan!.files.map(({ name, sourceSha256 }) => [name, sourceSha256]);
    const expected = Object.entries(files).map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')]);
    assert.deepEqual(hashes.sort(), expected.sort());
  });

  it('name the bytes they had', async () => {
    await bench.write('t', { shards: [[tensor('w', [4])]], files: { 'config.json': { a: 1 } } });
    for (const name of ['f', 'b']) await bench.write(name, { shards: [[tensor('w', [4])]] });
    const before = plannedFile(await bench.plan(), 'config.json').sourceSha256;
    await writeFile(bench.path('t/config.json'), '{"a":2}');
    assert.notEqual(plannedFile(await bench.plan(), 'config.json').sourceSha256, before);
  });
});
