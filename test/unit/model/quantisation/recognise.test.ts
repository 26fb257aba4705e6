import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dtypes, type Dtype } from '../../../../src/checkpoint/index.js';
import type { Model } from '../../../../src/model/index.js';
import { countParameters, storedTensorsOf } from '../../../../src/model/parameters/index.js';
import type { QuantisationStatement } from '../../../../src/model/quantisation/index.js';
import { headerModel, type HeaderEntry } from '../support/headerModel.js';
import { layouts, type Layout } from './layouts.js';

const modules: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  'model.layers.0.self_attn.q_proj': [256, 256],
  'model.layers.0.self_attn.k_proj': [64, 256],
  'model.layers.0.mlp.down_proj': [256, 512],
};

const plain: readonly HeaderEntry[] = [
  ['model.embed_tokens.weight', 'BF16', [512, 256]],
  ['model.layers.0.self_attn.o_proj.weight', 'BF16', [256, 256]],
  ['model.layers.0.input_layernorm.weight', 'BF16', [256]],
  ['model.layers.0.self_attn.q_proj.bias', 'BF16', [256]],
  ['model.norm.weight', 'BF16', [256]],
];
const plainCount = 512 * 256 + 256 * 256 + 3 * 256;

function statementOf({ settings }: Layout): QuantisationStatement | null {
  if (settings === null) return null;
  const method =
    typeof settings['quant_method'] === 'string' ? settings['quant_method'] : 'load_in_8bit' in settings ? 'bitsandbytes' : 'mlx';
  return { file: 'config.json', method: method.replaceAll('_', '-'), settings };
}

function entriesOf({ tensors }: Layout): HeaderEntry[] {
  return [...plain, ...Object.entries(modules).flatMap(([module, [rows, columns]]) => tensors(module, rows, columns))];
}

/** Names, shapes and numbers of what is coded. */
function codedOf(model: Model): (readonly [string, readonly number[] | null])[] {
  return model.parameters.filter(({ storage }) => storage.kind === 'codes').map(({ name, shape }) => [name, shape] as const);
}

/** Every stored tensor is a parameter's, a part of one, or a buffer, and only one of these. */
function assertPlaced(model: Model): void {
  const placed = [...model.buffers, ...model.parameters.flatMap(storedTensorsOf)];
  assert.deepEqual(placed.map(({ name }) => name).sort(), model.tensors.map(({ name }) => name).sort());
}

describe('quantised weights by names and dtypes', () => {
  for (const [title, layout] of Object.entries(layouts)) {
    const expected = Object.entries(modules).map(([module, shape]) => [`${module}.weight`, layout.hasShape ? shape : null] as const);
    const count = Object.values(modules).reduce((sum, [rows, columns]) => sum + rows * columns, plainCount);

    for (const statement of layout.settings === null ? [null] : [statementOf(layout), null]) {
      it(`${title}, ${statement === null ? 'a file alone' : 'stated'}`, () => {
        const model = headerModel(entriesOf(layout), { statement });
        assertPlaced(model);
        assert.equal(model.scheme?.name, statement === null ? layout.alone : layout.name);
        assert.deepEqual(codedOf(model), expected);
        const total = layout.hasShape ? { count, uncountedWeights: 0 } : { count: plainCount, uncountedWeights: expected.length };
        assert.deepEqual(countParameters(model.parameters), total);
        assert.deepEqual(model.buffers, []);
      });
    }

    it(`${title}, with a part missing, is never a weight`, () => {
      const [first, ...others] = Object.keys(modules);
      const parts = layout.tensors(first!, ...modules[first!]!);
      for (const [missing] of parts) {
        if (layout.optional?.some((leaf) => missing.endsWith(`.${leaf}`))) continue;
        const model = headerModel(entriesOf(layout).filter(([name]) => name !== missing));
        assertPlaced(model);
        const whole = model.parameters.filter(({ storage }) => storage.kind === 'stored').map(({ name }) => name);
        const optional = parts.map(([name]) => name).filter((name) => layout.optional?.some((leaf) => name.endsWith(`.${leaf}`)));
        const allowed = [...plain.map(([name]) => name), ...optional, ...lonelyFloats(parts, missing)];
        assert.deepEqual(
          whole.filter((name) => !allowed.includes(name)),
          [],
          `without ${missing}`,
        );
        assert.ok(codedOf(model).length >= others.length, `without ${missing}`);
      }
    });
  }
});

/** Without its codes, a table of a scheme of its own is a tensor like any other: nothing shows what it was. */
function lonelyFloats(parts: readonly HeaderEntry[], missing: string): string[] {
  return missing === parts[0]?.[0] ? parts.filter(([, dtype]) => dtype === 'BF16' || dtype === 'F16').map(([name]) => name) : [];
}

describe('quantised weights in special places', () => {
  it('experts in one tensor: block-FP8 and MXFP4 of gpt-oss, which is transposed', () => {
    const model = headerModel([
      ['model.layers.0.mlp.experts.gate_up_proj', 'F8_E4M3', [4, 512, 256]],
      ['model.layers.0.mlp.experts.gate_up_proj_scale_inv', 'F32', [4, 4, 2]],
      ['model.layers.1.mlp.experts.gate_up_proj_blocks', 'U8', [4, 512, 8, 16]],
      ['model.layers.1.mlp.experts.gate_up_proj_scales', 'U8', [4, 512, 8]],
      ['model.layers.1.mlp.experts.gate_up_proj_bias', 'BF16', [4, 512]],
    ]);
    assertPlaced(model);
    assert.deepEqual(codedOf(model), [
      ['model.layers.0.mlp.experts.gate_up_proj', [4, 512, 256]],
      ['model.layers.1.mlp.experts.gate_up_proj', [4, 256, 512]],
    ]);
    assert.equal(model.scheme?.name, 'block-FP8 (blocks of 128 × 128) and MXFP4');
  });

  it('bitsandbytes in 4 bits has the shape that its description states, in whatever dtype it is stored', () => {
    const state = 'w.weight.quant_state.bitsandbytes__nf4';
    const descriptions = new Map([[state, Buffer.from(JSON.stringify({ quant_type: 'nf4', shape: [256, 128] }))]]);
    const rest: HeaderEntry[] = [
      ['w.weight.absmax', 'F32', [512]],
      ['w.weight.quant_map', 'F32', [16]],
      [state, 'U8', [80]],
    ];
    for (const codes of [['U8', [16384, 1]] as const, ['BF16', [8192, 1]] as const]) {
      const model = headerModel([['w.weight', ...codes], ...rest], { descriptions });
      assertPlaced(model);
      assert.deepEqual(codedOf(model), [['w.weight', [256, 128]]]);
      assert.equal(model.scheme?.name, 'bitsandbytes nf4');
    }
    const damaged = new Map([[state, Buffer.from('{"shape": [256, 999]}')]]);
    assert.equal(
      headerModel([['w.weight', 'U8', [16384, 1]], ...rest], { descriptions: damaged }).scheme?.name,
      'codes of an unknown scheme',
    );
    const unreadable = headerModel([['w.weight', 'U8', [16384, 1]], ...rest], { descriptions: new Map([[state, Buffer.from('{')]]) });
    assert.deepEqual(codedOf(unreadable), [['w.weight', null]]);
  });

  it('MLX with other bits for some modules, and experts', () => {
    const statement = {
      file: 'config.json',
      method: 'mlx',
      settings: { group_size: 64, bits: 4, 'layers.0.down': { group_size: 64, bits: 8 } },
    };
    const model = headerModel(
      [
        ...layouts['MLX, 4 bits']!.tensors('layers.0.up', 256, 256),
        ['layers.0.down.weight', 'U32', [256, 64]],
        ['layers.0.down.scales', 'BF16', [256, 4]],
        ['layers.0.down.biases', 'BF16', [256, 4]],
        ['layers.0.experts.weight', 'U32', [8, 256, 32]],
        ['layers.0.experts.scales', 'BF16', [8, 256, 4]],
        ['layers.0.experts.biases', 'BF16', [8, 256, 4]],
      ],
      { statement },
    );
    assert.deepEqual(codedOf(model), [
      ['layers.0.up.weight', [256, 256]],
      ['layers.0.down.weight', [256, 256]],
      ['layers.0.experts.weight', [8, 256, 256]],
    ]);
  });

  it('MLX without a file that states the grouping: told by the length of norms, else not guessed', () => {
    const weight = layouts['MLX, 8 bits']!.tensors('layers.0.up', 512, 256);
    assert.deepEqual(codedOf(headerModel([...weight, ['norm.weight', 'BF16', [256]]])), [['layers.0.up.weight', [512, 256]]]);
    assert.deepEqual(codedOf(headerModel(weight)), [['layers.0.up.weight', null]]);
  });

  it('scales beside weights of a plain dtype: they may be codes that were converted without them', () => {
    const entries: HeaderEntry[] = [
      ['a.weight', 'BF16', [256, 256]],
      ['a.weight_scale_inv', 'F32', [2, 2]],
      ['b.weight', 'BF16', [256, 256]],
    ];
    assert.deepEqual(codedOf(headerModel(entries)), [['a.weight', null]]);
    const statement = { file: 'config.json', method: 'compressed-tensors', settings: { format: 'dense' } };
    assert.equal(headerModel(entries, { statement }).scheme, null);
  });

  it('FP8 without scales is plain, unless a file or other weights say that scales belong to it', () => {
    const bare: HeaderEntry = ['a.weight', 'F8_E4M3', [256, 256]];
    const statement = { file: 'config.json', method: 'fp8', settings: {} };
    assert.equal(headerModel([bare]).scheme, null);
    assert.deepEqual(codedOf(headerModel([bare], { statement })), [['a.weight', null]]);
    const other = layouts['block-FP8']!.tensors('b', 256, 256);
    assert.deepEqual(
      codedOf(headerModel([bare, ...other])).map(([name]) => name),
      ['a.weight', 'b.weight'],
    );
    assert.deepEqual(codedOf(headerModel([bare, ['scaled_fp8', 'F8_E4M3', [2]]])), [['a.weight', null]]);
  });

  it('modules that are not converted stay plain, and a statement that nothing bears out is a finding', () => {
    const statement = { file: 'config.json', method: 'bitsandbytes', settings: { load_in_4bit: true } };
    const model = headerModel(plain, { statement });
    assert.equal(model.scheme, null);
    assert.deepEqual(
      model.findings.map(({ code }) => code),
      ['quantisation-not-found'],
    );
  });

  it('integers and computed values of models that are not quantised are buffers', () => {
    const buffers: HeaderEntry[] = [
      ['bn.num_batches_tracked', 'I64', []],
      ['bn.running_mean', 'F32', [8]],
      ['vision.embeddings.position_ids', 'I64', [1, 77]],
      ['attn.relative_position_index', 'I64', [49, 49]],
      ['attention_bias_idxs', 'I64', [16, 16]],
      ['h.0.attn.bias', 'F32', [1, 1, 64, 64]],
      ['mlp.gate.tid2eid', 'I64', [512, 6]],
      ['rotary.inv_freq', 'F32', [32]],
      ['mask', 'BOOL', [4, 4]],
      ['k_proj.k_scale', 'F32', []],
    ];
    const parameters: HeaderEntry[] = [
      ['bn.weight', 'F32', [8]],
      ['attn.relative_position_bias_table', 'F32', [169, 4]],
      ['mlp.gate.weight', 'BF16', [8, 256]],
      ['attn.q_scale', 'F32', [64]],
      ['x.attn.bias', 'F32', [64]],
      ['norm.key_norm.scale', 'F32', [64]],
    ];
    const model = headerModel([...buffers, ...parameters]);
    assert.equal(model.scheme, null);
    assert.deepEqual(
      model.buffers.map(({ name }) => name),
      buffers.map(([name]) => name),
    );
    assert.deepEqual(
      model.parameters.map(({ name }) => name),
      parameters.map(([name]) => name),
    );
  });
});

describe('any header', () => {
  const names = fc.constantFrom(
    ...[
      'weight',
      'weight_scale',
      'weight_scale_inv',
      'weight_scale_2',
      'weight_packed',
      'weight_shape',
      'qweight',
      'qzeros',
      'scales',
      'biases',
    ],
    ...[
      'g_idx',
      'SCB',
      'weight.absmax',
      'weight.quant_state.bitsandbytes__nf4',
      'x_blocks',
      'x_scales',
      'bias',
      'input_scale',
      'scale',
      'codes',
    ],
  );
  const entry = fc.record({
    module: fc.constantFrom('a', 'a.b', ''),
    leaf: names,
    dtype: fc.constantFrom(...dtypes),
    shape: fc.array(fc.constantFrom(1, 8, 16, 32, 64), { maxLength: 3 }),
  });
  const toEntry = ({ module, leaf, dtype, shape }: { module: string; leaf: string; dtype: Dtype; shape: number[] }): HeaderEntry => [
    module === '' ? leaf : `${module}.${leaf}`,
    dtype,
    shape,
  ];

  it('gives every tensor one place and never fails', () => {
    const header = fc.uniqueArray(entry.map(toEntry), { selector: ([name]) => name, maxLength: 12 });
    fc.assert(
      fc.property(header, (entries) => assertPlaced(headerModel(entries))),
      { numRuns: 3000 },
    );
  });

  it('of plain floating point has no codes, whatever its names, but beside scales of weights', () => {
    const floats = entry
      .map((one) => toEntry({ ...one, dtype: 'BF16' }))
      .filter(([name]) => !/scale_inv|_scale|scale_2|absmax|SCB|qzeros/.test(name));
    const header = fc.uniqueArray(floats, { selector: ([name]) => name, maxLength: 12 });
    fc.assert(
      fc.property(header, (entries) => assert.equal(headerModel(entries).scheme, null)),
      { numRuns: 1000 },
    );
  });
});
