import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  interpolation,
  planCandidates,
  transfer,
  type CandidateChoices,
  type Combination,
  type ModelPlan,
} from '../../../../src/combine/index.js';
import { inputIdentity, keyOf, resultKey, weightsIdentity, type Fact, type ResultFacts } from '../../../../src/evaluate/cache/index.js';
import { roles, Workspace, writeFamily } from '../../../support/combineFamily.js';
import { utimes } from 'node:fs/promises';

const plainChoices: CandidateChoices = { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null };
const facts: ResultFacts = {
  weights: 'w',
  configuration: '{}',
  taskHash: 't',
  sequences: { first: 0, count: 8 },
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
      { taskHash: 'u' },
      { sequences: { first: 8, count: 8 } },
      { sequences: { first: 0, count: 9 } },
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
    for (const family of ['family', 'copy']) await writeFamily(space.path(family), 3, 8_000);
  });
  after(() => space.remove());

  async function plans(
    combinations: readonly Combination[],
    choices: Partial<CandidateChoices> = {},
    family = 'family',
  ): Promise<ModelPlan[]> {
    const inputs = roles.map((role) => ({ role, path: space.path(family, role), expect: 'checkpoint' as const }));
    return planCandidates(combinations, inputs, { ...plainChoices, ...choices });
  }

  async function identity(combination: Combination, choices: Partial<CandidateChoices> = {}, family = 'family'): Promise<string> {
    return weightsIdentity((await plans([combination], choices, family))[0]!);
  }

  const base: Combination = { steps: [{ scale: 1, plus: 'base', minus: null }] };

  it('is that of a model for a path that ends there, and for choices that leave only it', async () => {
    assert.equal(await identity(interpolation('base', 'target', 0)), await identity(base));
    assert.equal(await identity(interpolation('base', 'target', 0.5), { exclude: ['*'] }), await identity(base));
    assert.equal(await identity(base), await identity(base, { vocabulary: 'rows' }));
  });

  it('differs with scale, inputs, their order, choices that matter, and the place of the files', async () => {
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
      await identity(half, {}, 'copy'),
    ];
    assert.equal(new Set(all).size, all.length);
  });

  it('changes when a file is written again', async () => {
    const before = { weights: await identity(base, {}, 'copy'), input: inputIdentity((await plans([base], {}, 'copy'))[0]!.inputs[0]!) };
    await utimes(space.path('copy', 'base', 'model.safetensors'), 1, 1);
    const after = { weights: await identity(base, {}, 'copy'), input: inputIdentity((await plans([base], {}, 'copy'))[0]!.inputs[0]!) };
    assert.notEqual(after.weights, before.weights);
    assert.notEqual(after.input, before.input);
  });
});
