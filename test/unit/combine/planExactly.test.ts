import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseSafetensorsHeader } from '../../../src/checkpoint/index.js';
import { combineRequest, planCombine, transfer, type CombinePlan, type PlanInput } from '../../../src/combine/index.js';
import { codes, ModelBench, planned, plannedFile, tensor } from './support/models.js';

const samples = join(import.meta.dirname, '..', '..', '..', 'samples');

/** An input as the plan has to describe it, read anew from the file. */
function inputOf(role: string, folder: string, name: string, files: readonly string[]): PlanInput {
  const shards = files.map((file) => {
    const path = join(folder, file);
    const bytes = readFileSync(path);
    const headerEnd = 8 + Number(bytes.readBigUInt64LE());
    const headerSha256 = createHash('sha256').update(bytes.subarray(0, headerEnd)).digest('hex');
    return { path, byteLength: bytes.byteLength, modifiedAt: Number(statSync(path, { bigint: true }).mtimeNs) / 1e6, headerSha256 };
  });
  return { role, path: folder, name, shards };
}

describe('plan of a small transfer', () => {
  const bench = new ModelBench();

  it('says exactly what will be read, written and why', async () => {
    const config = { model_type: 'tiny', vocab_size: 3 };
    const weights = [tensor('norm.weight', [2], 'F32'), tensor('embed_tokens.weight', [3, 2])];
    for (const name of ['t', 'f', 'b']) await bench.write(name, { shards: [weights], files: { 'config.json': config } });
    const { freeDisk, peakMemory, ...plan } = await bench.plan({ workers: 1 });
    assert.ok(freeDisk > 0);
    assert.ok(peakMemory > 60e6 && peakMemory < 200e6);
    const header =
      '{"__metadata__":{"format":"pt"},"norm.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"embed_tokens.weight":{"dtype":"BF16","shape":[3,2],"data_offsets":[8,20]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const dataStart = 8 + padded.length;
    const source = (name: string, dtype: 'F32' | 'BF16', shape: number[], start: number, byteLength: number): object => ({
      name,
      dtype,
      shape,
      shard: 0,
      start,
      byteLength,
    });
    const norm = source('norm.weight', 'F32', [2], dataStart, 8);
    const embedding = source('embed_tokens.weight', 'BF16', [3, 2], dataStart + 8, 12);
    const expected: Omit<CombinePlan, 'freeDisk' | 'peakMemory'> = {
      request: bench.request({ workers: 1 }),
      kind: 'model',
      formula: 'target + 1.0·(finetuned − base)',
      combination: transfer('target', 'finetuned', 'base'),
      template: 'target',
      inputs: [
        inputOf('target', bench.path('t'), 't', ['model.safetensors']),
        inputOf('finetuned', bench.path('f'), 'f', ['model.safetensors']),
        inputOf('base', bench.path('b'), 'b', ['model.safetensors']),
      ],
      output: bench.path('out'),
      tensors: [
        {
          name: 'norm.weight',
          dtype: 'F32',
          shape: [2],
          action: 'combined',
          reason: '',
          scales: [1, 1],
          sources: [norm, norm, norm] as never,
          rows: null,
          shard: 0,
          offset: 0,
          byteLength: 8,
        },
        {
          name: 'embed_tokens.weight',
          dtype: 'BF16',
          shape: [3, 2],
          action: 'combined',
          reason: '',
          scales: [1, 1],
          sources: [embedding, embedding, embedding] as never,
          rows: null,
          shard: 0,
          offset: 8,
          byteLength: 12,
        },
      ],
      shards: [
        {
          file: 'model.safetensors',
          header: new Uint8Array(Buffer.concat([Buffer.from([padded.length, 0, 0, 0, 0, 0, 0, 0]), Buffer.from(padded)])),
          dataByteLength: 20,
        },
      ],
      files: [
        {
          name: 'config.json',
          from: 'target',
          sourcePath: join(bench.path('t'), 'config.json'),
          sourceSha256: createHash('sha256').update(JSON.stringify(config)).digest('hex'),
          content: null,
          reason: 'configuration of target',
        },
        { name: 'README.md', from: null, sourcePath: null, sourceSha256: null, content: plannedCard, reason: 'model card' },
      ],
      decoded: null,
      vocabulary: {
        rule: 'rows',
        reason: 'Rows are matched by index, because target, finetuned and base have no tokenizer.',
        rowCount: 3,
        templateRowCount: 3,
        shared: 3,
        addedFromFinetuned: 0,
        onlyTarget: 0,
        withoutDifference: 0,
        padding: 0,
        leftOut: 0,
        addedTokens: [],
        onlyTargetTokens: [],
        withoutDifferenceTokens: [],
        leftOutTokens: [],
      },
      readByteLength: 60,
      writeByteLength: dataStart + 20,
      findings: [],
      refusals: [],
    };
    assert.deepEqual(plan, expected);
  });
});

const plannedCard = `---
library_name: transformers
tags:
- merge
- model-rebase
---

# Made by combining model versions

\`\`\`
target + 1.0·(finetuned − base)
\`\`\`

| in the formula | model |
|---|---|
| target | t |
| finetuned | f |
| base | b |

- \`model-rebase.json\` names every input and every output with its hashes; \`model-rebase verify\` checks them.
`;

describe('plan of the sample transfer', () => {
  let plan: CombinePlan;

  before(async () => {
    const inputs = [
      ['target', 'base-2'],
      ['finetuned', 'finetuned-1'],
      ['base', 'base-1'],
    ].map(([role, name]) => ({ role: role!, path: join(samples, name!), expect: 'checkpoint' as const }));
    plan = await planCombine(
      combineRequest({ combination: transfer('target', 'finetuned', 'base'), inputs, output: join(samples, 'transferred') }),
    );
  });

  it('lays the output out as the target: the same files with the same headers', () => {
    const files = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    for (const [index, shard] of plan.shards.entries()) {
      const bytes = readFileSync(join(samples, 'base-2', files[index]!));
      assert.equal(shard.file, files[index]);
      assert.deepEqual(Buffer.from(shard.header), bytes.subarray(0, shard.header.byteLength));
      assert.equal(shard.header.byteLength + shard.dataByteLength, bytes.byteLength);
    }
    const weightMap = (text: string): unknown => (JSON.parse(text) as { weight_map: unknown }).weight_map;
    assert.deepEqual(
      weightMap(plannedFile(plan, 'model.safetensors.index.json').content!),
      weightMap(readFileSync(join(samples, 'base-2', 'model.safetensors.index.json'), 'utf8')),
    );
  });

  it('combines every tensor of three files and finds nothing odd', () => {
    assert.equal(plan.tensors.length, 57);
    assert.ok(
      plan.tensors.every(
        ({ action, rows, reason, sources }) =>
          action === 'combined' && rows === null && reason === '' && sources.every((source) => source !== null),
      ),
    );
    assert.equal(plan.readByteLength, 3 * 2_739_456);
    assert.deepEqual([plan.findings, plan.refusals], [[], []]);
    assert.equal(plan.vocabulary?.rule, 'same');
    assert.equal(planned(plan, 'lm_head.weight').shard, 1);
  });

  it('carries the chat template of the fine-tuned version into the tokenizer of the target', () => {
    const { chat_template: template, ...rest } = JSON.parse(plannedFile(plan, 'tokenizer_config.json').content!) as Record<string, unknown>;
    assert.deepEqual(rest, JSON.parse(readFileSync(join(samples, 'base-2', 'tokenizer_config.json'), 'utf8')));
    assert.equal(
      template,
      (JSON.parse(readFileSync(join(samples, 'finetuned-1', 'tokenizer_config.json'), 'utf8')) as Record<string, unknown>)['chat_template'],
    );
    const kept = ['config.json', 'tokenizer.json', 'special_tokens_map.json'].map((name) => [
      plannedFile(plan, name).from,
      plannedFile(plan, name).content,
    ]);
    assert.deepEqual(kept, [
      ['target', null],
      ['target', null],
      ['target', null],
    ]);
    assert.equal(plannedFile(plan, 'generation_config.json').from, 'finetuned');
    assert.deepEqual(codes(plan.findings), []);
  });

  it('writes headers that the reader accepts', () => {
    for (const { header, dataByteLength } of plan.shards) {
      const { metadata, tensors } = parseSafetensorsHeader({
        file: 'x',
        header: header.subarray(8),
        fileLength: header.byteLength + dataByteLength,
      });
      assert.deepEqual(metadata, { format: 'pt' });
      assert.equal(header.byteLength % 8, 0);
      assert.ok(tensors.length > 0);
    }
  });
});
