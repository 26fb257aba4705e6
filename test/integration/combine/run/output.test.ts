import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { madeFolder } from '../../../support/partialFolder.js';
import { planTransfer, tensorBytes, Workspace, writeFamily } from '../../../support/combineFamily.js';
import type { CombinePlan, CombineRequest } from '../../../../src/combine/index.js';
import { runCombine, type RunOptions, type RunStep } from '../../../../src/combine/run/index.js';

const quick = { sync: false, workers: 2 } as const;

describe('the output of a combination', () => {
  let space: Workspace;

  before(async () => {
    space = await Workspace.make();
    await writeFamily(space.path('family'), 6, 1_000_000);
  });
  after(() => space.remove());

  const plan = (output: string, more: Partial<CombineRequest> = {}): Promise<CombinePlan> =>
    planTransfer(space.path('family'), space.path(output), 1, more);

  /** Runs until the first progress, aborts there, and gives what the run rejected with. */
  async function cancel(output: string, options: RunOptions): Promise<unknown> {
    const controller = new AbortController();
    const reason = new Error('enough');
    const run = runCombine(await plan(output), {
      ...quick,
      ...options,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    return run.then(
      () => assert.fail('was not cancelled'),
      (error: unknown) => (assert.equal(error, reason), error),
    );
  }

  it('is gone without a trace when cancelled', async () => {
    await cancel('cancelled', {});
    assert.deepEqual(
      (await readdir(space.folder)).filter((name) => name.startsWith('cancelled')),
      [],
    );
  });

  it('is kept when cancelled with keepPartial, and resumed', async () => {
    await cancel('kept', { keepPartial: true });
    assert.ok(existsSync(join(madeFolder(space.path('kept')), 'model-rebase.journal')));
    assert.ok(!existsSync(space.path('kept')));
    const phases = new Set<string>();
    await runCombine(await plan('kept', { resume: true }), { ...quick, resume: true, onProgress: ({ phase }) => phases.add(phase) });
    await runCombine(await plan('straight'), quick);
    assert.ok(phases.has('checking what is there'));
    assert.deepEqual(await tensorBytes(space.path('kept')), await tensorBytes(space.path('straight')));
  });

  it('is not begun after an abort', async () => {
    const reason = new Error('too late');
    await assert.rejects(runCombine(await plan('never'), { signal: AbortSignal.abort(reason) }), reason);
    assert.ok(!existsSync(space.path('never.partial')));
  });

  it('does not touch a partial output unless told to resume or overwrite', async () => {
    const begun = await plan('waiting');
    await cancel('waiting', { keepPartial: true });
    await assert.rejects(
      runCombine(begun, quick),
      /waiting\.partial is left from a run that did not finish\. Resume that run, or allow it to be overwritten\./,
    );
    await runCombine(begun, { ...quick, overwrite: true });
    assert.ok(existsSync(space.path('waiting')) && !existsSync(space.path('waiting.partial')));
  });

  /** Runs although the plan was made before the folder came, so that the run has to find out by itself. */
  async function assertKept(output: string, file: string, message: RegExp): Promise<void> {
    const before = await readFile(space.path(`${output}.partial`, file));
    const refused = await plan(output, { overwrite: true });
    assert.deepEqual(
      refused.refusals.map(({ code }) => code),
      ['output-not-ours'],
    );
    for (const more of [{ overwrite: true }, { resume: true }])
      await assert.rejects(runCombine({ ...refused, refusals: [] }, { ...quick, ...more }), { name: 'OutputError', message });
    assert.deepEqual(await readFile(space.path(`${output}.partial`, file)), before);
  }

  it("never removes a folder of its own name without a journal, be its files named as the output's", async () => {
    for (const file of ['thesis.txt', 'model.safetensors']) {
      const output = `mine ${file}`;
      await mkdir(space.path(`${output}.partial`));
      await writeFile(space.path(`${output}.partial`, file), 'words');
      await assertKept(output, file, /mine .*\.partial was not written by this tool .*Remove it yourself, or choose another name/);
    }
  });

  it('never removes what was put beside its journal, nor what a journal of another version stands for', async () => {
    await cancel('shared', { keepPartial: true });
    await writeFile(join(madeFolder(space.path('shared')), 'thesis.txt'), 'words');
    const shared = await plan('shared', { overwrite: true });
    await assert.rejects(runCombine({ ...shared, refusals: [] }, { ...quick, overwrite: true }), /did not write \(thesis\.txt\)/);
    assert.equal(await readFile(join(madeFolder(space.path('shared')), 'thesis.txt'), 'utf8'), 'words');
    await mkdir(space.path('old.partial'));
    await writeFile(space.path('old.partial', 'model.safetensors'), 'words');
    await writeFile(space.path('old.partial', 'model-rebase.journal'), '{"journal":1,"identity":{}}\n');
    const old = await plan('old', { overwrite: true });
    await assert.rejects(runCombine({ ...old, refusals: [] }, { ...quick, overwrite: true }), /a model-rebase\.journal that this version/);
  });

  it('has a journal before any file of weights is there', async () => {
    const seen: string[][] = [];
    const onStep = (step: RunStep): void => {
      if (step === 'journal started') seen.push(readdirSync(madeFolder(space.path('ordered'))));
    };
    await runCombine(await plan('ordered'), { ...quick, onStep });
    assert.deepEqual(seen, [['model-rebase.journal']]);
  });

  it('replaces only what the tool wrote, and only when told to', async () => {
    const first = await plan('again');
    await runCombine(first, quick);
    await assert.rejects(runCombine(first, quick), /again exists already/);
    await runCombine(first, { ...quick, overwrite: true });
    const foreign = await plan('foreign');
    await mkdir(space.path('foreign'));
    await writeFile(space.path('foreign', 'model.safetensors'), '');
    await assert.rejects(runCombine(foreign, { ...quick, overwrite: true }), /foreign was not written by this tool/);
  });

  it('is not resumed when an input was modified, nor for another combination', async () => {
    const family = space.path('moving family');
    await writeFamily(family, 6, 1_000_000);
    const output = space.path('moved');
    const controller = new AbortController();
    const start = runCombine(await planTransfer(family, output), {
      ...quick,
      keepPartial: true,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(start, { name: 'AbortError' });
    await assert.rejects(
      runCombine(await planTransfer(family, output, 0.5, { resume: true }), { ...quick, resume: true }),
      /cannot be resumed: what is asked for now is another combination/,
    );
    const old = await planTransfer(family, output, 1, { resume: true });
    await utimes(`${family}/base/model.safetensors`, new Date(), new Date('2026-01-01'));
    await assert.rejects(
      runCombine(old, { ...quick, resume: true }),
      /base\/model\.safetensors \(base\): was modified since\. Make the plan again/,
    );
    await assert.rejects(
      runCombine(await planTransfer(family, output, 1, { resume: true }), { ...quick, resume: true }),
      /cannot be resumed: base \(.*base\/model\.safetensors\) was modified .* and again 2026-01-01T00:00:00\.000Z/,
    );
    assert.ok(!existsSync(output) && existsSync(`${output}.partial`));
  });

  it('does not appear when an input changes during the run', async () => {
    const family = space.path('restless family');
    await writeFamily(family, 6, 1_000_000);
    const run = runCombine(await planTransfer(family, space.path('mixed')), {
      ...quick,
      onStep: (step) => void (step === 'files written' && utimesNow(`${family}/target/model.safetensors`)),
    });
    await assert.rejects(run, /target\/model\.safetensors \(target\): was modified since/);
    assert.ok(!existsSync(space.path('mixed')));
  });

  it('is refused with the first refusal of the plan', async () => {
    const refused = { ...(await plan('refused')), refusals: [{ severity: 'error', code: 'shape', message: 'Shapes differ.' }] } as const;
    await assert.rejects(runCombine(refused, quick), { name: 'OutputError', message: 'Shapes differ.' });
  });

  it('has a manifest that names inputs, formula and rounding, and SHA-256 of the inputs when asked for', async () => {
    const manifest = await runCombine(await planTransfer(space.path('family'), space.path('told'), 0.3), { ...quick, hashInputs: true });
    assert.equal(manifest.formula, 'target + 0.3·(finetuned − base)');
    assert.deepEqual(
      manifest.inputs.map(({ role }) => role),
      ['target', 'finetuned', 'base'],
    );
    for (const { shards } of manifest.inputs) {
      for (const { path, sha256 } of shards)
        assert.equal(
          sha256,
          createHash('sha256')
            .update(await readFile(path))
            .digest('hex'),
        );
    }
    const { total, layers } = manifest.rounding;
    assert.deepEqual(
      layers.map(({ layer }) => layer),
      ['outside layers', 'layer 0', 'layer 1', 'layer 2', 'layer 3', 'layer 4', 'layer 5'],
    );
    assert.equal(
      total.changedCount,
      layers.reduce((sum, { changedCount }) => sum + changedCount, 0),
    );
    assert.ok(total.normLost > 0 && total.normLost < total.normDelta);
    assert.equal(manifest.tensors.find(({ name }) => name === 'step')!.action, 'copied');
    assert.deepEqual((await readdir(space.path('told'))).sort(), ['README.md', 'model-rebase.json', 'model.safetensors']);
  });
});

function utimesNow(path: string): Promise<void> {
  return utimes(path, new Date(), new Date());
}
