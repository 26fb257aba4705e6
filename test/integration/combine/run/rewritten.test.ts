import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { combineRequest, planCombine, transfer, type CombinePlan, type CombineRequest } from '../../../../src/combine/index.js';
import { runCombine, verify } from '../../../../src/combine/run/index.js';
import { roles, tensorBytes, Workspace } from '../../../support/combineFamily.js';
import { configOf, dense, mixture, type Rewrite } from '../../../support/rewrites.js';
import { bytesOf, llama, perturbed, writeModel, zipped, type Sizes, type SmallModel } from '../../../support/smallModel.js';

const small: Sizes = { hidden: 24, heads: 4, keyValueHeads: 2, headSize: 8, intermediate: 20, experts: 0, layers: 2, bias: false };
type Role = (typeof roles)[number];
const asIs: Rewrite = (model) => model;

describe('a transfer between versions that are written otherwise', () => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.make();
  });
  afterEach(() => space.remove());

  /** @returns the versions before each is rewritten */
  async function writeVersions(rewrites: Partial<Record<Role, Rewrite>>, sizes: Sizes, seed: number): Promise<Record<Role, SmallModel>> {
    const target = llama(sizes, seed);
    const base = perturbed(target, seed + 1);
    const versions = { target, base, finetuned: perturbed(base, seed + 2) };
    for (const role of roles) {
      await writeModel(space.path(role, 'model.safetensors'), (rewrites[role] ?? asIs)(versions[role], sizes));
      await writeFile(space.path(role, 'config.json'), JSON.stringify(configOf(sizes)));
    }
    return versions;
  }

  function plan(more: Partial<CombineRequest> = {}): Promise<CombinePlan> {
    const inputs = roles.map((role) => ({ role, path: space.path(role), expect: 'checkpoint' as const }));
    return planCombine(
      combineRequest({
        combination: transfer('target', 'finetuned', 'base', 1),
        inputs,
        output: space.path('out'),
        overwrite: true,
        ...more,
      }),
    );
  }

  async function assertTransferred(rewrites: Partial<Record<Role, Rewrite>>, sizes: Sizes, seed: number, what: string): Promise<void> {
    const { target, base, finetuned } = await writeVersions(rewrites, sizes, seed);
    const planned = await plan();
    assert.deepEqual(planned.refusals, [], what);
    await runCombine(planned, { sync: false, workers: 1, overwrite: true });
    const moved = zipped(
      target,
      zipped(finetuned, base, (own, other) => own - other),
      (own, change) => own + change,
    );
    const expected = (rewrites.target ?? asIs)(moved, sizes);
    const written = await tensorBytes(planned.output);
    assert.deepEqual([...written.keys()].sort(), [...expected.keys()].sort(), what);
    for (const [name, values] of expected) assert.ok(written.get(name)!.equals(bytesOf(values)), `${what}: ${name}`);
    assert.deepEqual((await verify(planned.output, { deep: true, workers: 1 })).differences, [], what);
  }

  for (const [rewrites, experts] of [
    [dense, 0],
    [mixture, 3],
  ] as const) {
    for (const [what, rewrite] of Object.entries(rewrites)) {
      it(`is exact, the names and the layout are the target's, and it verifies: ${what}`, async () => {
        const sizes = { ...small, experts };
        await assertTransferred({ target: rewrite }, sizes, 1, `target ${what}`);
        await assertTransferred({ finetuned: rewrite, base: rewrite }, sizes, 4, `the others ${what}`);
      });
    }
  }

  it('is exact for any of these in any version (seed 16)', async () => {
    const any = fc.nat(999);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(0, 2), fc.constantFrom(16, 24), any, any, any, async (experts, hidden, first, second, third) => {
        const list = Object.entries(experts === 0 ? dense : mixture);
        const [t, f, b] = [first, second, third].map((number) => list[number % list.length]!);
        const sizes = { ...small, experts, hidden };
        const what = `${t![0]}; ${f![0]}; ${b![0]}`;
        await assertTransferred({ target: t![1], finetuned: f![1], base: b![1] }, sizes, first, what);
      }),
      { seed: 16, numRuns: 12, includeErrorInReport: true },
    );
  });

  it('is refused where neither names nor values say an order, until it is said', async () => {
    await writeVersions({ finetuned: dense['qkv in one']! }, small, 7);
    await writeModel(space.path('target', 'model.safetensors'), llama(small, 99));
    const refused = await plan();
    assert.deepEqual([...new Set(refused.refusals.map(({ code }) => code))], ['order-unchecked']);
    assert.match(
      refused.refusals[0]!.message,
      /qkv_proj: names and shapes do not say .* To take it as named \("q, k, v"\), .*--trust-names/,
    );
    assert.deepEqual((await plan({ trustNames: true })).refusals, []);
  });

  it('says in the plan where values lie and how their order was checked', async () => {
    await writeVersions({ finetuned: dense['packed k, q, v']!, base: dense['qkv in one']! }, small, 8);
    const planned = await plan();
    const tensor = planned.tensors.find(({ name }) => name === 'model.layers.1.self_attn.q_proj.weight')!;
    assert.equal(tensor.reason, 'finetuned: rows 16..47 of qkv_proj (packed k, q, v); base: rows 0..31 of qkv_proj');
    const orders = planned.findings
      .filter(({ code }) => code === 'order-checked')
      .map(({ severity, message }) => `${severity}: ${message}`);
    assert.equal(orders.length, 2);
    assert.match(
      orders[0]!,
      /^warning: .*qkv_proj of finetuned is read as "k, q, v", and not as named \("q, k, v"\), checked against the values of target: cosine/,
    );
    assert.match(orders[1]!, /^info: .*qkv_proj of base is read as "q, k, v", as named, .* sampled values \(.* read; from 0.5 on/);
  });

  it('takes name rules of the user, and refuses those that fit nothing', async () => {
    const versions = await writeVersions({}, small, 9);
    const odd: Rewrite = (model) =>
      new Map([...model].map(([name, values]) => [name.replace(/^model\.layers\.(\d+)\.(.*)$/, 'stage$1/$2'), values]));
    await writeModel(space.path('finetuned', 'model.safetensors'), odd(versions.finetuned, small));
    assert.notDeepEqual((await plan()).refusals, []);
    const nameMap = [{ pattern: 'stage*/*', replacement: 'model.layers.$1.$2' }];
    assert.deepEqual((await plan({ nameMap })).refusals, []);
    const [unused] = (await plan({ nameMap: [...nameMap, { pattern: 'nothing.*', replacement: '$1' }] })).refusals;
    assert.match(unused!.message, /The name rule "nothing\.\*=\$1" fits no name of any version but target's/);
    await assert.rejects(plan({ nameMap: [{ pattern: 'stage*/*', replacement: 'model.layers.$1' }] }), /gives two tensors one name/);
  });
});
