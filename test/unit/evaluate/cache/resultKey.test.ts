import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, readFile, utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import {
  interpolation,
  planCandidates,
  transfer,
  type CandidateChoices,
  type Combination,
  type ModelPlan,
} from '../../../../src/combine/index.js';
import {
  inputIdentity,
  keyOf,
  resultKey,
  sequencesIdentity,
  weightsIdentity,
  type Fact,
  type FileIdentities,
  type ResultFacts,
} from '../../../../src/evaluate/cache/index.js';
import { shardIdentities } from '../../../../src/checkpoint/index.js';
import { openModel } from '../../../../src/model/index.js';
import { roles, Workspace, writeFamily } from '../../../support/combineFamily.js';

const plainChoices: CandidateChoices = {
  include: [],
  exclude: [],
  vocabulary: 'tokens',
  skipMismatched: false,
  prefixMap: null,
  settings: 'merged',
};
const facts: ResultFacts = {
  weights: 'w',
  configuration: '{}',
  sequences: 's',
  precision: 'stored',
  provider: 'cpu',
};

/** The same facts with the members of every object in another order. */
function reordered(fact: Fact): Fact {
  if (Array.isArray(fact)) return (fact as readonly Fact[]).map(reordered);
  if (typeof fact !== 'object' || fact === null) return fact;
  return Object.fromEntries(
    Object.entries(fact)
      .reverse()
      .map(([name, value]) => [name, reordered(value)]),
  );
}

describe('the key of a result', () => {
  it('is the SHA-256 of JSON with sorted members', () =>
    assert.equal(
      keyOf({ b: [1, { d: null, c: 'x' }], a: true }),
      createHash('sha256').update('{"a":true,"b":[1,{"c":"x","d":null}]}').digest('hex'),
    ));

  it('property: does not depend on the order of members, and on nothing else less', () => {
    const fact = fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<Fact>;
    fc.assert(
      fc.property(fact, (value) => assert.equal(keyOf(reordered(value)), keyOf(value))),
      { seed: 20261125 },
    );
    const pair = fc.tuple(fact, fact).filter(([a, b]) => !equal(a, b));
    fc.assert(
      fc.property(pair, ([a, b]) => assert.notEqual(keyOf(a), keyOf(b))),
      { seed: 20261125 },
    );
  });

  it('cannot be made of numbers that JSON lacks', () => {
    for (const value of [NaN, Infinity]) assert.throws(() => keyOf({ value }), RangeError);
  });

  it('differs when any fact does', () => {
    const others: Partial<ResultFacts>[] = [
      { weights: 'v' },
      { configuration: '{ }' },
      { sequences: 't' },
      { precision: 'f32' },
      { provider: 'webgpu' },
    ];
    assert.equal(new Set([facts, ...others.map((other) => ({ ...facts, ...other }))].map(resultKey)).size, others.length + 1);
  });
});

function equal(a: unknown, b: unknown): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}

describe('the identity of weights', () => {
  let space: Workspace;

  before(async () => {
    space = await Workspace.make();
    await writeFamily(space.path('family'), 3, 8_000);
  });
  after(() => space.remove());

  async function plans(
    combinations: readonly Combination[],
    choices: Partial<CandidateChoices> = {},
    family = 'family',
  ): Promise<ModelPlan[]> {
    const inputs = roles.map((role) => ({ role, path: space.path(family, role), expect: 'checkpoint' as const }));
    return planCandidates(combinations, inputs, { ...plainChoices, ...choices }, 'decoded');
  }

  async function identities({ inputs }: ModelPlan): Promise<FileIdentities> {
    const all = await Promise.all(inputs.map(async ({ path }) => [...(await shardIdentities(await openModel(path)))]));
    return new Map(all.flat());
  }

  async function identity(combination: Combination, choices: Partial<CandidateChoices> = {}, family = 'family'): Promise<string> {
    const [plan] = await plans([combination], choices, family);
    return weightsIdentity(plan!, await identities(plan!));
  }

  const base: Combination = { steps: [{ scale: 1, plus: 'base', minus: null }] };

  it('is that of a model for a path that ends there, and for choices that leave only it', async () => {
    assert.equal(await identity(interpolation('base', 'target', 0)), await identity(base));
    assert.equal(await identity(interpolation('base', 'target', 0.5), { exclude: ['*'] }), await identity(base));
    assert.equal(await identity(base), await identity(base, { vocabulary: 'rows' }));
  });

  it('differs with scale, inputs, their order and choices that matter', async () => {
    const half = interpolation('base', 'target', 0.5);
    const all = [
      await identity(base),
      await identity(half),
      await identity(interpolation('base', 'target', 0.25)),
      await identity(interpolation('target', 'base', 0.5)),
      await identity(interpolation('base', 'finetuned', 0.5)),
      await identity(transfer('target', 'finetuned', 'base', 0.5)),
      await identity(half, { exclude: ['model.layers.0.*'] }),
      await identity(half, { include: ['model.layers.0.*'] }),
    ];
    assert.equal(new Set(all).size, all.length);
  });

  it('is that of a copy, whenever that was written, and not that of other weights of the same time', async () => {
    const half = interpolation('base', 'target', 0.5);
    const [first, file] = [await identity(half), space.path('copy', 'base', 'model.safetensors')];
    await cp(space.path('family'), space.path('copy'), { recursive: true });
    await utimes(file, 1, 1);
    assert.equal(await identity(half, {}, 'copy'), first);
    const bytes = await readFile(file);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(file, bytes);
    await utimes(file, 1, 1);
    assert.notEqual(await identity(half, {}, 'copy'), first);
    const [plan] = await plans([half], {}, 'copy');
    const [input] = (await plans([half]))[0]!.inputs;
    assert.notEqual(
      inputIdentity(plan!.inputs[0]!, await identities(plan!)),
      inputIdentity(input!, await identities((await plans([half]))[0]!)),
    );
  });
});

describe('the identity of sequences', () => {
  const sequence = { tokens: Uint32Array.of(1, 2, 3), firstScored: 1 };

  it('is that of their tokens, of where each begins, and of what is scored', () => {
    const all = [
      [sequence],
      [sequence, sequence],
      [{ ...sequence, firstScored: 2 }],
      [{ ...sequence, tokens: Uint32Array.of(1, 2, 4) }],
      [
        { tokens: Uint32Array.of(1, 2), firstScored: 1 },
        { tokens: Uint32Array.of(3), firstScored: 1 },
      ],
    ].map(sequencesIdentity);
    assert.equal(new Set(all).size, all.length);
    const shared = Uint32Array.of(9, 1, 2, 3, 9).subarray(1, 4);
    assert.equal(sequencesIdentity([{ ...sequence, tokens: shared }]), all[0]);
  });
});
