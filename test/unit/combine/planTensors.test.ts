import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { applyDelta, diffVector, parseCombination } from '../../../src/combine/index.js';
import { codes, ModelBench, planned, plannedFile, tensor } from './support/models.js';

const config = { 'config.json': { model_type: 'tiny', num_attention_heads: 2 } };
const body = [tensor('layers.0.w', [2, 4]), tensor('layers.1.w', [2, 4]), tensor('norm.weight', [4])];

describe('plan for tensors', () => {
  const bench = new ModelBench();

  async function writeAll(t = body, f = body, b = body): Promise<void> {
    for (const [name, tensors] of [
      ['t', t],
      ['f', f],
      ['b', b],
    ] as const)
      await bench.write(name, { shards: [tensors], files: config });
  }

  it('copies what patterns leave out, and scales by pattern', async () => {
    await writeAll();
    const plan = await bench.plan({
      exclude: ['norm.*'],
      scales: [
        { pattern: null, scale: 0.3 },
        { pattern: 'layers.{1..9}.*', scale: 0.5 },
      ],
    });
    assert.deepEqual(
      plan.tensors.map(({ name, action, reason, scales, sources }) => [
        name,
        action,
        reason,
        scales,
        sources.map((source) => source !== null),
      ]),
      [
        ['layers.0.w', 'combined', '', [1, 0.3], [true, true, true]],
        ['layers.1.w', 'combined', '', [1, 0.5], [true, true, true]],
        ['norm.weight', 'copied', 'excluded by norm.*', [1, 0], [true, false, false]],
      ],
    );
    assert.equal(plan.formula, 'target + 0.3·(finetuned − base) [0.5 for layers.{1..9}.*]');
    assert.equal(plan.readByteLength, 2 * 3 * 16 + 8);
    const included = await bench.plan({ include: ['layers.*'], exclude: ['*.1.*'] });
    assert.deepEqual(
      included.tensors.map(({ reason }) => reason),
      ['', 'excluded by *.1.*', 'not among the included tensors'],
    );
  });

  it('is the target byte for byte with scale 0', async () => {
    await writeAll();
    const plan = await bench.plan({ scales: [{ pattern: null, scale: 0 }] });
    assert.ok(plan.tensors.every(({ action, reason }) => action === 'copied' && reason === 'scale 0'));
    assert.deepEqual([plan.refusals, plan.readByteLength], [[], 40]);
  });

  it('refuses tensors that are missing or of another shape or kind, by name, and says which patterns leave them out', async () => {
    const wide = [...body, tensor('layers.0.v', [2, 4]), tensor('layers.1.v', [2, 4])];
    const [first, second] = [tensor('layers.0.w', [2, 3]), tensor('layers.1.v', [2, 4])];
    await writeAll(wide, [first, tensor('layers.1.w', [2, 4]), second, tensor('norm.weight', [4], 'BOOL')], wide);
    const plan = await bench.plan();
    assert.deepEqual(codes(plan.refusals), ['tensor-missing', 'tensor-shape', 'tensor-dtype']);
    assert.match(plan.refusals[0]!.message, /^1 tensor of target that finetuned lacks: "layers\.0\.v"\. To keep/);
    assert.match(plan.refusals[1]!.message, /\[2, 3\] in finetuned, \[2, 4\] in target/);
    assert.match(plan.refusals[2]!.message, /To keep those of target, exclude 'norm\.\*'; else choose versions of one architecture\.$/);
    assert.deepEqual(plan.refusals[2]!.patterns, ['norm.*']);
    assert.deepEqual(codes((await bench.plan({ exclude: ['norm.*'] })).refusals), ['tensor-missing', 'tensor-shape']);
  });

  it('copies mismatched tensors when asked to, and says so', async () => {
    await writeAll(body, [tensor('layers.0.w', [2, 3]), tensor('norm.weight', [4]), tensor('extra', [1])], body);
    assert.deepEqual(codes((await bench.plan()).refusals), ['tensor-missing', 'tensor-shape', 'tensor-not-in-target']);
    const plan = await bench.plan({ skipMismatched: true });
    assert.deepEqual([plan.refusals, codes(plan.findings)], [[], ['tensors-skipped', 'tensor-not-carried']]);
    assert.deepEqual(
      plan.tensors.map(({ action }) => action),
      ['skipped', 'skipped', 'combined'],
    );
    assert.match(plan.findings[0]!.message, /2 mismatched tensors skipped, those of target kept: "layers\.0\.w", "layers\.1\.w"/);
  });

  it('refuses another architecture, even where all shapes fit', async () => {
    await writeAll();
    await bench.write('f', { shards: [body], files: { 'config.json': { model_type: 'other' } } });
    await bench.write('b', { shards: [body], files: { 'config.json': { model_type: 'tiny', num_attention_heads: 4 } } });
    const plan = await bench.plan();
    assert.deepEqual(codes(plan.refusals), ['architecture-differs', 'weights-mean-otherwise']);
    assert.match(plan.refusals[1]!.message, /weights of base do not mean what those of target mean: num_attention_heads 4 instead of 2/);
    assert.match(plan.refusals[0]!.message, /finetuned is of another architecture than target: other instead of tiny/);
    const skipped = await bench.plan({ skipMismatched: true });
    assert.deepEqual([codes(skipped.refusals), codes(skipped.findings)], [['architecture-differs', 'weights-mean-otherwise'], []]);
  });

  it('lends integers and buffers from the target, and says where versions differ', async () => {
    const ids = (last: number): ReturnType<typeof tensor> =>
      tensor(
        'position_ids',
        [2],
        'I64',
        Uint8Array.from({ length: 16 }, (_, index) => (index === 15 ? last : 0)),
      );
    const kept = [ids(0), tensor('rotary.inv_freq', [2], 'F32')];
    await writeAll([...body, ...kept], [...body, ...kept], [...body, ...kept]);
    const equal = await bench.plan();
    assert.deepEqual(
      kept.map(({ name }) => planned(equal, name).reason),
      ['I64 is not a floating-point type', 'computed by the model code, not learned'],
    );
    assert.deepEqual([equal.findings, equal.refusals], [[], []]);
    await writeAll([...body, ...kept], [...body, ids(1), ...kept.slice(1)], [...body, ...kept]);
    const differing = await bench.plan();
    assert.deepEqual(codes(differing.findings), ['not-combined-differs']);
    assert.match(differing.findings[0]!.message, /1 tensor not combined .* those of target are kept: "position_ids"/);
  });

  it('stores in the dtype asked for, notes versions stored otherwise, and converts what it copies', async () => {
    await writeAll(
      body,
      body.map((entry) => tensor(entry.name, entry.shape, 'F32')),
      body,
    );
    const plan = await bench.plan({ dtype: 'F16', exclude: ['norm.*'] });
    assert.deepEqual(
      plan.tensors.map(({ dtype }) => dtype),
      ['F16', 'F16', 'F16'],
    );
    assert.deepEqual(codes(plan.findings), ['dtypes-differ']);
    assert.equal(plannedFile(plan, 'config.json').content, '{"model_type":"tiny","num_attention_heads":2,"torch_dtype": "float16"}');
  });

  it('splits into files of at most the size asked for, in the order of the target', async () => {
    await writeAll();
    const plan = await bench.plan({ maxShardSize: 20 });
    assert.deepEqual(
      plan.shards.map(({ file, dataByteLength }) => [file, dataByteLength]),
      [
        ['model-00001-of-00003.safetensors', 16],
        ['model-00002-of-00003.safetensors', 16],
        ['model-00003-of-00003.safetensors', 8],
      ],
    );
    assert.deepEqual(JSON.parse(plannedFile(plan, 'model.safetensors.index.json').content!), {
      metadata: { total_size: 40 },
      weight_map: {
        'layers.0.w': 'model-00001-of-00003.safetensors',
        'layers.1.w': 'model-00002-of-00003.safetensors',
        'norm.weight': 'model-00003-of-00003.safetensors',
      },
    });
    assert.deepEqual(
      (await bench.plan({ maxShardSize: 32 })).shards.map(({ dataByteLength }) => dataByteLength),
      [32, 8],
    );
    assert.deepEqual((await bench.plan({ maxShardSize: 1 })).shards.length, 3);
  });

  it('matches names behind a prefix', async () => {
    await writeAll(
      body,
      body.map((entry) => tensor(`model.${entry.name}`, entry.shape)),
      body,
    );
    const plan = await bench.plan();
    assert.deepEqual([codes(plan.findings), plan.refusals], [['prefix-map'], []]);
    assert.equal(planned(plan, 'layers.0.w').sources[1]?.name, 'model.layers.0.w');
  });

  it('adds a prefix to the names of another version, and warns of a rule that matches nothing in any', async () => {
    const wrapped = body.map((entry) => tensor(`model.${entry.name}`, entry.shape));
    await writeAll(wrapped, body, body);
    const plan = await bench.plan({
      prefixMap: [
        { from: 'x.', to: 'y.' },
        { from: '', to: 'model.' },
      ],
    });
    assert.deepEqual([codes(plan.findings), plan.refusals], [['prefix-map', 'prefix-map', 'prefix-rule-unused'], []]);
    assert.match(plan.findings[0]!.message, /^Names of finetuned are matched with "model\." before them\.$/);
    assert.match(
      plan.findings[2]!.message,
      /"x\.=y\." is not applied: it turns no unmatched name of the other versions into a name of target/,
    );
    assert.equal(planned(plan, 'model.layers.0.w').sources[2]?.name, 'layers.0.w');
  });

  it('warns of the difference of a version with itself, by whatever path it is given', async () => {
    await writeAll();
    await symlink(bench.path('f'), bench.path('link'));
    const inputs = bench.request().inputs.map((input) => (input.role === 'base' ? { ...input, path: bench.path('link') } : input));
    const plan = await bench.plan({ inputs });
    assert.deepEqual([codes(plan.findings), plan.refusals], [['difference-is-zero'], []]);
    assert.match(plan.findings[0]!.message, /finetuned and base are the same files, .* zero and nothing will change\./);
    const combination = diffVector('finetuned', 'base');
    const [finding] = (await bench.plan({ inputs, combination })).findings;
    assert.match(finding!.message, /the diff vector will hold only zeros/);
  });

  it('names as base models on the Hub only what the configurations record as ids of the Hub', async () => {
    const recorded = ['org/base-7b', '/home/me/model', 'org/base-7b'];
    for (const [index, name] of ['t', 'f', 'b'].entries()) {
      const files = { 'config.json': { model_type: 'tiny', _name_or_path: recorded[index]! } };
      await bench.write(name, { shards: [body], files });
    }
    const card = plannedFile(await bench.plan({ exclude: ['norm*'] }), 'README.md').content!;
    assert.ok(card.startsWith('---\nbase_model:\n- org/base-7b\nbase_model_relation: merge\nlibrary_name: transformers\ntags:\n'), card);
    assert.ok(card.includes('| finetuned | f |') && card.includes('- 1 of 3 tensors are those of target.'), card);
    await writeAll();
    assert.doesNotMatch(plannedFile(await bench.plan(), 'README.md').content!, /base_model/);
  });

  it('warns when scales of whole models do not add up to 1', async () => {
    await writeAll();
    const inputs = bench.request().inputs.map(({ path }, index) => ({ role: 'tfb'[index]!, path, expect: 'any' as const }));
    assert.deepEqual(codes((await bench.plan({ inputs, combination: parseCombination('0.5*t + 0.3*f') })).findings), [
      'scales-do-not-add-up',
    ]);
    const mean = await bench.plan({ inputs, combination: parseCombination('0.5*t + 0.5*f') });
    assert.deepEqual([mean.findings, mean.template, mean.kind], [[], 't', 'model']);
    const last = await bench.plan({ inputs, combination: parseCombination('0.3*(f − b) + t') });
    assert.deepEqual([last.findings, last.template], [[], 't']);
  });

  it('contradictory requests are errors that say what to do', async () => {
    await writeAll();
    await assert.rejects(
      bench.plan({ combination: parseCombination('target + x') }),
      /names "x", but no model was given for it\. Given: target, finetuned, base/,
    );
    await assert.rejects(
      bench.plan({ combination: parseCombination('target + (finetuned − base) + base'), scales: [{ pattern: null, scale: 2 }] }),
      /Write the scales into the formula/,
    );
    await assert.rejects(bench.plan({ exclude: ['{'] }), /never closed/);
    await assert.rejects(bench.plan({ maxShardSize: 0 }), /more than 0 bytes/);
  });

  it('refuses when nothing would be combined', async () => {
    await writeAll();
    assert.deepEqual(codes((await bench.plan({ include: ['nothing*'] })).refusals), ['pattern-fits-nothing', 'nothing-combined']);
    assert.deepEqual(codes((await bench.plan({ exclude: ['nothing*'] })).refusals), ['pattern-fits-nothing']);
  });
});

describe('plan for diff vectors', () => {
  const bench = new ModelBench();
  const ids = tensor('position_ids', [2], 'I64');

  async function saveDelta(tensors = body): Promise<void> {
    for (const name of ['t', 'f', 'b']) await bench.write(name, { shards: [[...body, ids]], files: config });
    const plan = await bench.plan({ combination: diffVector('finetuned', 'base') });
    const header = JSON.parse(Buffer.from(plan.shards[0]!.header.subarray(8)).toString()) as { __metadata__: Record<string, string> };
    await bench.write('d', {
      shards: [tensors.map(({ name, shape }) => tensor(name, shape, 'F32'))],
      files: config,
      metadata: header.__metadata__,
    });
  }

  it('store float32 and say in their metadata what they are', async () => {
    await saveDelta();
    const plan = await bench.plan({ combination: diffVector('finetuned', 'base') });
    assert.deepEqual(
      [plan.kind, plan.template, plan.formula, plan.refusals, codes(plan.findings)],
      ['diff-vector', 'finetuned', 'finetuned − base', [], ['not-in-diff-vector']],
    );
    assert.deepEqual(
      plan.tensors.map(({ name, dtype, action, scales }) => [name, dtype, action, scales]),
      body.map(({ name }) => [name, 'F32', 'combined', [1]]),
    );
    const header = JSON.parse(Buffer.from(plan.shards[0]!.header.subarray(8)).toString()) as { __metadata__: Record<string, string> };
    assert.deepEqual(header.__metadata__, {
      format: 'pt',
      'model-rebase.kind': 'diff-vector',
      'model-rebase.formula': 'finetuned − base',
      'model-rebase.finetuned': 'f',
      'model-rebase.base': 'b',
      'model-rebase.base-config': JSON.stringify(config['config.json']),
    });
    const half = await bench.plan({ combination: diffVector('finetuned', 'base'), dtype: 'BF16' });
    assert.deepEqual(
      half.tensors.map(({ dtype }) => dtype),
      ['BF16', 'BF16', 'BF16'],
    );
  });

  const roles = (target: string, delta: string): { role: string; path: string; expect: 'checkpoint' | 'diff-vector' }[] => [
    { role: 'target', path: bench.path(target), expect: 'checkpoint' },
    { role: 'delta', path: bench.path(delta), expect: 'diff-vector' },
  ];

  it('are applied to a target, whose other tensors stay', async () => {
    await saveDelta(body.slice(0, 2));
    const plan = await bench.plan({ combination: applyDelta('target', 'delta', 0.5), inputs: roles('t', 'd') });
    assert.deepEqual(
      plan.tensors.map(({ name, action, reason, scales }) => [name, action, reason, scales]),
      [
        ['position_ids', 'copied', 'I64 is not a floating-point type', [1, 0]],
        ['layers.0.w', 'combined', '', [1, 0.5]],
        ['layers.1.w', 'combined', '', [1, 0.5]],
        ['norm.weight', 'copied', 'not in the diff vector', [1, 0]],
      ],
    );
    assert.deepEqual(
      [plan.formula, plan.kind, plan.refusals, codes(plan.findings)],
      ['target + 0.5·delta', 'model', [], ['dtypes-differ']],
    );
  });

  it('are refused in the place of a model, and models in theirs', async () => {
    await saveDelta();
    const wrong = await bench.plan({ combination: applyDelta('target', 'delta'), inputs: roles('d', 't') });
    assert.deepEqual(codes(wrong.refusals), ['is-a-diff-vector', 'not-a-diff-vector']);
  });
});
