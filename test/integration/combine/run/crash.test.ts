import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, runCombine, verify, type RunStep } from '../../../../src/combine/run/index.js';
import { planTransfer, transferRequest, Workspace, writeFamily } from '../../../support/combineFamily.js';
import { randomUint32s } from '../../../unit/compute/support/random.js';
import { jobFolder, madeFolder } from '../../../support/partialFolder.js';
import { buildChild, runChild } from './support/spawnChild.js';
import type { ChildOrder } from './support/child.js';

/** Every file of an output but the manifest, which names the output's own path. */
async function contentsOf(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter((name) => name !== 'model-rebase.json').sort();
  return new Map(await Promise.all(names.map(async (name) => [name, (await readFile(join(folder, name))).toString('base64')] as const)));
}

/** What the manifest says of the weights. */
async function factsOf(folder: string): Promise<object> {
  const { rounding, tensors, shards, files } = await readManifest(join(folder, 'model-rebase.json'));
  return { rounding, tensors, shards, files };
}

describe('a run that is killed', () => {
  let space: Workspace;
  let script: string;
  let expected: Map<string, string>;

  before(async () => {
    space = await Workspace.make();
    script = buildChild();
    await writeFamily(space.path('family'), 10, 1_000_000);
    await runCombine(await planTransfer(space.path('family'), space.path('whole'), 0.3, { maxShardSize: 9_000_000 }), { sync: false });
    expected = await contentsOf(space.path('whole'));
  });
  after(async () => {
    await space.remove();
    await rm(script);
  });

  const orderFor = (output: string, die: ChildOrder['die'], sync: boolean, overwrite = false): ChildOrder => ({
    request: transferRequest(space.path('family'), output, 0.3, { maxShardSize: 9_000_000, overwrite }),
    sync,
    overwrite,
    die,
  });

  /** The output is absent or whole now, and the same as ever after resuming. */
  async function assertResumes(output: string): Promise<void> {
    const isPlaced = existsSync(output);
    if (isPlaced) assert.deepEqual((await verify(output, { workers: 2 })).differences, []);
    const again = isPlaced ? { overwrite: true } : { resume: true };
    const plan = await planTransfer(space.path('family'), output, 0.3, { maxShardSize: 9_000_000, ...again });
    await runCombine(plan, { ...again, sync: false, workers: 2 });
    assert.deepEqual(await contentsOf(output), expected);
    assert.deepEqual(await factsOf(output), await factsOf(space.path('whole')));
    assert.ok(!existsSync(`${output}.partial`));
  }

  const moments: [RunStep, number, boolean][] = [
    ['partial made', 1, true],
    ['journal started', 1, true],
    ['files laid out', 1, true],
    ['chunks recorded', 1, true],
    ['chunks recorded', 1, false],
    ['chunks recorded', 2, false],
    ['files written', 1, false],
    ['manifest written', 1, true],
    ['journal removed', 1, true],
    ['output in place', 1, false],
  ];
  for (const [after, times, sync] of moments) {
    it(`after the step "${after}", ${times === 1 ? 'the first' : 'the second'} time, ${sync ? 'with' : 'without'} syncing`, async () => {
      const output = space.path(`${after} ${times} ${sync}`);
      const end = await runChild(script, orderFor(output, { after, times }, sync));
      assert.deepEqual([end.signal, end.stderr], ['SIGKILL', '']);
      assert.equal(existsSync(output), after === 'output in place');
      await assertResumes(output);
    });
  }

  it('at random times', async () => {
    const random = randomUint32s(20261124);
    for (let i = 0; i < 6; i++) {
      const output = space.path(`random ${i}`);
      await runChild(script, orderFor(output, null, i % 2 === 0), random() % 220);
      await assertResumes(output);
    }
  });

  it('while it replaces an output: the old one is whole beside the new one', async () => {
    const output = space.path('replaced');
    await runCombine(await planTransfer(space.path('family'), output, 1), { sync: false });
    const end = await runChild(script, orderFor(output, { after: 'old output moved', times: 1 }, false, true));
    assert.equal(end.signal, 'SIGKILL');
    assert.ok(!existsSync(output));
    assert.deepEqual((await verify(join(jobFolder(output), 'replaced'))).differences, []);
    const plan = await planTransfer(space.path('family'), output, 0.3, { maxShardSize: 9_000_000, overwrite: true, resume: true });
    await runCombine(plan, { resume: true, overwrite: true, sync: false });
    assert.deepEqual(await contentsOf(output), expected);
    assert.ok(!existsSync(`${output}.partial`));
  });

  it('in the middle of a line of the journal: that line does not count', async () => {
    const output = space.path('torn');
    await runChild(script, orderFor(output, { after: 'chunks recorded', times: 1 }, false));
    await appendFile(join(madeFolder(output), 'model-rebase.journal'), '{"chunks":[7],"hashes":"00');
    await assertResumes(output);
  });

  it('and whose disk lost bytes that the journal has: they are computed again', async () => {
    const output = space.path('lost');
    await runChild(script, orderFor(output, { after: 'files written', times: 1 }, false));
    const shard = join(madeFolder(output), 'model-00001-of-00003.safetensors');
    const bytes = await readFile(shard);
    await writeFile(shard, bytes.fill(0, 2_000_000, 2_500_000));
    await assertResumes(output);
  });

  it('and left a complete folder of another combination: refused', async () => {
    const output = space.path('complete');
    await runChild(script, orderFor(output, { after: 'journal removed', times: 1 }, false));
    const resume = async (scale: number) =>
      runCombine(await planTransfer(space.path('family'), output, scale, { maxShardSize: 9_000_000, resume: true }), { resume: true });
    await assert.rejects(resume(1), /complete\.partial cannot be resumed: what is asked for now is another combination, scale/);
    assert.ok(!existsSync(output));
    await resume(0.3);
    assert.deepEqual(await contentsOf(output), expected);
  });

  it('and left a complete folder that was damaged since: refused', async () => {
    const output = space.path('damaged');
    await runChild(script, orderFor(output, { after: 'journal removed', times: 1 }, false));
    const shard = join(madeFolder(output), 'model-00002-of-00003.safetensors');
    const bytes = await readFile(shard);
    bytes[3_000_000]! ^= 1;
    await writeFile(shard, bytes);
    const plan = await planTransfer(space.path('family'), output, 0.3, { maxShardSize: 9_000_000, resume: true });
    await assert.rejects(
      runCombine(plan, { resume: true }),
      /damaged \(model\.layers\.\d\.mlp\.weight: its bytes are others.*Start again without resuming/,
    );
    assert.ok(!existsSync(output));
  });
});
