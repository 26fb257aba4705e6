import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmdirSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCombine, type RunStep, verify } from '../../../../src/combine/run/index.js';
import { planTransfer, tensorBytes, Workspace, writeFamily } from '../../../support/combineFamily.js';
import { mountDisk } from '../../../support/mountedDisk.js';

/** Fills a disk to its last byte. */
function fillDisk(path: string): void {
  const descriptor = openSync(path, 'w');
  const block = Buffer.alloc(4096, 1);
  try {
    for (;;) writeSync(descriptor, block);
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  } finally {
    closeSync(descriptor);
  }
}

describe('a full disk', () => {
  const parent = mkdtempSync(join(tmpdir(), 'model-rebase-disk-'));
  const disk = mountDisk(join(parent, 'small'), 'size=8m');
  if (disk === null) {
    rmdirSync(parent);
    it('cannot be tested here: no tmpfs may be mounted');
    return;
  }
  const output = join(disk.folder, 'out');
  let space: Workspace;

  before(async () => {
    space = await Workspace.make();
    await writeFamily(space.path('small'), 3, 1_000_000);
    await writeFamily(space.path('large'), 5, 1_000_000);
  });
  after(async () => {
    await space.remove();
    disk.unmount();
    rmdirSync(parent);
  });

  it('is told before anything is written, with what is needed and what is free', async () => {
    const plan = { ...(await planTransfer(space.path('large'), output)), refusals: [] };
    await assert.rejects(
      runCombine(plan, { sync: false }),
      /out\.partial: the disk is full\. 10\.0 MB \(100\d+ bytes\) are needed and 8\.3\d MB \(83\d+ bytes\) are free\. Free some room, or choose/,
    );
    assert.ok(!existsSync(`${output}.partial`));
  });

  it('that fills up during the run leaves a partial output, which is resumed when there is room', async () => {
    const ballast = join(disk.folder, 'ballast');
    const plan = await planTransfer(space.path('small'), output);
    const onStep = (step: RunStep): void => {
      if (step === 'files laid out') fillDisk(ballast);
    };
    const run = runCombine(plan, { sync: false, workers: 2, onStep });
    await assert.rejects(run, {
      name: 'DiskFullError',
      message:
        /out\.partial: the disk is full\. 5\.99 MB \(\d+ bytes\) are needed and 0 B \(0 bytes\) are free\. What is written so far is kept: free some room, then resume\./,
    });
    assert.ok(existsSync(`${output}.partial`) && !existsSync(output));
    await assert.rejects(runCombine(plan, { sync: false, resume: true }), { name: 'DiskFullError' });
    await rm(ballast);
    await runCombine(plan, { sync: true, resume: true });
    mkdirSync(space.path('elsewhere'));
    await runCombine(await planTransfer(space.path('small'), space.path('elsewhere', 'out')), { sync: false });
    assert.deepEqual(await tensorBytes(output), await tensorBytes(space.path('elsewhere', 'out')));
  });

  it('that can hold no more files says so, and is resumed when it can', async () => {
    const few = mountDisk(join(parent, 'few'), 'size=32m,nr_inodes=8')!;
    try {
      const place = join(few.folder, 'out');
      const plan = await planTransfer(space.path('small'), place);
      await assert.rejects(runCombine(plan, { sync: false }), {
        name: 'DiskFullError',
        message:
          /the disk is full\. It has 27\.\d MB \(\d+ bytes\) free, more than is needed, so a quota is used up, or it can hold no more files\. What is written so far is kept/,
      });
      execFileSync('mount', ['-o', 'remount,nr_inodes=100', few.folder]);
      await runCombine(plan, { sync: false, resume: true });
      assert.deepEqual((await verify(place, { deep: true })).differences, []);
    } finally {
      few.unmount();
    }
  });
});
