import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { claimPlace } from '../../../../src/base/ownership/claimPlace.js';
import type { CombinePlan, CombineRequest } from '../../../../src/combine/index.js';
import {
  discardPartial,
  keptPartial,
  keptPartialsIn,
  runCombine,
  verify,
  type RunOptions,
  type RunStep,
} from '../../../../src/combine/run/index.js';
import { whyNotAbandoned } from '../../../../src/combine/run/abandoned.js';
import { journalName } from '../../../../src/combine/run/journal.js';
import { planTransfer, tensorBytes, Workspace, writeFamily } from '../../../support/combineFamily.js';
import { jobFolder, madeFolder } from '../../../support/partialFolder.js';

const quick = { sync: false, workers: 2 } as const;
const owner = new RegExp(`is being written by process ${process.pid} on ${hostname()}, since 20`);

describe('the owner of an output', () => {
  let space: Workspace;

  before(async () => {
    space = await Workspace.make();
    await writeFamily(space.path('family'), 6, 1_000_000);
    await runCombine(await plan('straight'), quick);
  });
  after(() => space.remove());

  const plan = (output: string, more: Partial<CombineRequest> = {}): Promise<CombinePlan> =>
    planTransfer(space.path('family'), space.path(output), 1, more);

  /** Begins an output and leaves it at the first progress. */
  async function begin(output: string): Promise<void> {
    const controller = new AbortController();
    const options: RunOptions = { ...quick, keepPartial: true, signal: controller.signal, onProgress: () => controller.abort() };
    await assert.rejects(runCombine(await plan(output), options), { name: 'AbortError' });
  }

  /** Moves what lies in the owner's folder to where earlier versions had it. */
  async function makeOld(output: string): Promise<void> {
    const made = madeFolder(space.path(output));
    for (const name of await readdir(made)) await rename(join(made, name), space.path(`${output}.partial`, name));
    await rm(jobFolder(space.path(output)), { recursive: true });
  }

  async function assertWhole(output: string): Promise<void> {
    assert.deepEqual((await verify(space.path(output))).differences, []);
    assert.deepEqual(await tensorBytes(space.path(output)), await tensorBytes(space.path('straight')));
    assert.ok(!existsSync(space.path(`${output}.partial`)));
  }

  it('has come to its end, and left nothing unreadable, where the journal goes while another run looks at it', async () => {
    const ended = space.path('ended');
    await cp(space.path('straight'), ended, { recursive: true });
    const journal = join(ended, journalName);
    await writeFile(journal, '{}\n');
    assert.match((await whyNotAbandoned(ended))!, /cannot read, so it is not removed/);
    const whileItGoes = (): boolean => {
      rmSync(journal, { force: true });
      return false;
    };
    assert.equal(await whyNotAbandoned(ended, whileItGoes), null);
  });

  it('is named to every other run, whatever it asks for', async () => {
    const begun = await plan('owned');
    const ownership = await claimPlace(space.path('owned'));
    for (const more of [{}, { resume: true }, { overwrite: true }, { resume: true, overwrite: true }]) {
      const { refusals } = await plan('owned', more);
      assert.deepEqual(
        refusals.map(({ code }) => code),
        ['output-in-use'],
      );
      assert.match(refusals[0]!.message, owner);
      await assert.rejects(runCombine(begun, { ...quick, ...more }), { name: 'PlaceOwnedError', message: owner });
    }
    await assert.rejects(discardPartial(begun), owner);
    const [kept] = await keptPartialsIn(space.folder);
    assert.match(kept!.writer!, new RegExp(`^process ${process.pid} on`));
    await ownership.remove();
    await runCombine(begun, quick);
    await assertWhole('owned');
  });

  const steps: readonly RunStep[] = [
    'partial made',
    'files laid out',
    'chunks recorded',
    'files written',
    'manifest written',
    'journal removed',
  ];
  for (const replacing of [false, true]) {
    for (const at of replacing ? ([...steps, 'old output moved'] as const) : steps) {
      it(`that loses it after the step "${at}"${replacing ? ' of replacing one' : ''} touches nothing any more`, async () => {
        const output = space.path(`lost ${at} ${replacing}`);
        const taken = join(`${output}.partial`, '1-0123456789ab');
        if (replacing) await runCombine(await planTransfer(space.path('family'), output, 0.5), quick);
        let before: string[] = [];
        const onStep = (step: RunStep): void => {
          if (step !== at || before.length > 0) return;
          renameSync(jobFolder(output), taken);
          before = readdirSync(taken, { recursive: true }).map(String);
        };
        const run = runCombine(await planTransfer(space.path('family'), output, 1, { overwrite: replacing }), {
          ...quick,
          overwrite: replacing,
          onStep,
        });
        await assert.rejects(run, { name: 'OwnershipLostError' });
        assert.deepEqual(readdirSync(taken, { recursive: true }).map(String), before);
        if (at === 'old output moved') assert.ok(!existsSync(output) && before.includes('replaced'));
        else assert.equal(existsSync(output) && (await verify(output)).differences.length === 0, replacing);
        const again = await planTransfer(space.path('family'), output, 1, { resume: true, overwrite: true });
        await runCombine(again, { ...quick, resume: true, overwrite: true });
        assert.deepEqual((await verify(output)).differences, []);
        assert.ok(!existsSync(`${output}.partial`));
      });
    }
  }

  it('that is not known to have ended writes into nothing that is used, whatever it has open', async () => {
    await begin('open');
    const former = await claimPlace(space.path('open'));
    const files = readdirSync(join(former.folder, 'output')).map((name) => openSync(join(former.folder, 'output', name), 'r+'));
    const choices = { resume: true, takeOver: true };
    const again = await plan('open', choices);
    assert.deepEqual(again.refusals, []);
    const phases = new Set<string>();
    await runCombine(again, { ...quick, ...choices, onProgress: ({ phase }) => phases.add(phase) });
    assert.ok(phases.has('checking what is there'));
    for (const file of files) {
      writeSync(file, Buffer.alloc(2_000_000, 255), 0, 2_000_000, 0);
      closeSync(file);
    }
    await former.remove();
    await assertWhole('open');
  });

  it('may have left what it was replacing, which gets its name back, or is replaced when the run is resumed', async () => {
    for (const more of [{ overwrite: true }, { resume: true }]) {
      const name = `replacing ${Object.keys(more)[0]!}`;
      await runCombine(await plan(name, {}), quick);
      const fail = (step: string): void => {
        if (step === 'old output moved') throw new Error('killed');
      };
      await assert.rejects(runCombine(await plan(name, { overwrite: true }), { ...quick, overwrite: true, onStep: fail }), /killed/);
      assert.deepEqual((await verify(space.path(name))).differences, [], 'a run that fails puts it back');
      await rename(space.path(name), join(jobFolder(space.path(name)), 'replaced'));
      const again = await plan(name, more);
      assert.deepEqual(again.refusals, []);
      await runCombine(again, { ...quick, ...more });
      await assertWhole(name);
    }
  });

  it('by an earlier version of the tool: what it left is resumed, or removed when that is wanted', async () => {
    for (const more of [{ resume: true }, { overwrite: true }]) {
      const name = `old ${Object.keys(more)[0]!}`;
      await begin(name);
      await makeOld(name);
      assert.deepEqual(await keptPartial(space.path(name)).then((kept) => [kept?.writer, kept?.request]), [null, null]);
      assert.deepEqual(
        (await plan(name)).refusals.map(({ code }) => code),
        ['output-partial'],
      );
      const again = await plan(name, more);
      assert.deepEqual(again.refusals, []);
      const phases = new Set<string>();
      await runCombine(again, { ...quick, ...more, onProgress: ({ phase }) => phases.add(phase) });
      assert.equal(phases.has('checking what is there'), 'resume' in more);
      await assertWhole(name);
    }
    await begin('old discarded');
    await makeOld('old discarded');
    await discardPartial(await plan('old discarded'));
    assert.ok(!existsSync(space.path('old discarded.partial')));
  });

  it('by an earlier version, brought half way into the new order by a process that was killed', async () => {
    await begin('half');
    await makeOld('half');
    const container = space.path('half.partial');
    await mkdir(join(container, '1-0123456789ab.adopting', 'output'), { recursive: true });
    await rename(join(container, 'model-rebase.journal'), join(container, '1-0123456789ab.adopting', 'output', 'model-rebase.journal'));
    assert.deepEqual(
      (await plan('half')).refusals.map(({ code }) => code),
      ['output-partial'],
    );
    await runCombine(await plan('half', { resume: true }), { ...quick, resume: true });
    await assertWhole('half');
  });

  it('by an earlier version: one of several runs that come at once resumes it', async () => {
    await begin('old race');
    await makeOld('old race');
    const again = await plan('old race', { resume: true });
    const ends = await Promise.allSettled(Array.from({ length: 4 }, () => runCombine(again, { ...quick, resume: true })));
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as Error).name] : []));
    assert.deepEqual(reasons, ['PlaceOwnedError', 'PlaceOwnedError', 'PlaceOwnedError']);
    await assertWhole('old race');
  });

  it('may be gone: what it kept is listed with what was asked for, and ends with the same bytes', async () => {
    await begin('listed');
    const kept = await keptPartial(space.path('listed'));
    assert.deepEqual([kept!.output, kept!.writer, kept!.request!.resume], [space.path('listed'), null, true]);
    assert.ok(kept!.byteLength > 0);
    assert.deepEqual(
      (await keptPartialsIn(space.folder)).map(({ output }) => output),
      [space.path('listed')],
    );
    const again = await planTransfer(space.path('family'), space.path('listed'), 1, kept!.request!);
    await runCombine(again, { ...quick, resume: true });
    await assertWhole('listed');
    assert.equal(await keptPartial(space.path('listed')), null);
  });

  it('leaves nothing that others take for an output in the making', async () => {
    await mkdir(space.path('mine.partial'));
    await writeFile(space.path('mine.partial', 'notes.txt'), '');
    await mkdir(space.path('empty.partial'));
    assert.deepEqual(await keptPartialsIn(space.folder), []);
    await rmdir(space.path('empty.partial'));
  });
});
