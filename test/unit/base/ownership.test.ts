import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { claimPlace } from '../../../src/base/ownership/claimPlace.js';
import { inspectPlace, recordPath, type Occupant } from '../../../src/base/ownership/occupant.js';
import { silentAfterMs, type Owner } from '../../../src/base/ownership/owner.js';
import type { Ownership } from '../../../src/base/ownership/ownership.js';
import { identifyProcess, stateOf, type ProcessIdentity } from '../../../src/base/ownership/processIdentity.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

/** A number that no process has. */
const nobody = 2 ** 22 + 1;

describe('ownership of a place', () => {
  const at = temporaryFolder();
  const here = identifyProcess(process.pid);

  /** Makes an owner's record say that it is another process, whose last sign of life was so long ago. */
  async function disguise(ownership: Ownership, identity: Partial<ProcessIdentity>, silenceMs = 0): Promise<void> {
    const record = recordPath(ownership.folder, basename(ownership.folder));
    const owner = JSON.parse(await readFile(record, 'utf8')) as Owner;
    await writeFile(record, JSON.stringify({ ...owner, processes: [{ ...here, ...identity }] }));
    const time = new Date(Date.now() - silenceMs);
    await utimes(record, time, time);
  }

  async function occupantOf(place: string): Promise<Occupant> {
    const found = await inspectPlace(place);
    assert.equal(found.kind, 'occupied');
    return found.occupant;
  }

  it('is had by one at a time, who is named to all others', async () => {
    const place = at('one');
    const owner = await claimPlace(place);
    await assert.rejects(claimPlace(place), (error: Error) => {
      assert.equal(error.name, 'PlaceOwnedError');
      const said = new RegExp(
        `one is being written by process ${process.pid} on ${hostname()}, since 20\\d\\d-.*T.*Z \\(last sign of life 0\\.\\d+ s ago\\)`,
      );
      assert.match(error.message, said);
      return true;
    });
    await owner.remove();
    assert.deepEqual(await readdir(at()), []);
    await (await claimPlace(place)).remove();
  });

  it('goes to one of many that ask at once, with or without an empty folder there, and to the next after it', async () => {
    for (let round = 0; round < 20; round++) {
      const place = at('many');
      if (round % 2 === 0) await mkdir(`${place}.partial`);
      const claims = await Promise.allSettled(Array.from({ length: 8 }, () => claimPlace(place)));
      const owners = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
      assert.equal(owners.length, 1);
      await owners[0]!.release();
      const heirs = await Promise.allSettled(Array.from({ length: 8 }, () => claimPlace(place)));
      const [heir, ...others] = heirs.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
      assert.deepEqual(others, []);
      await heir!.remove();
      assert.deepEqual(await readdir(at()), []);
    }
  });

  it('leaves what is in its folder when given up, and passes it on', async () => {
    const place = at('kept');
    const first = await claimPlace(place);
    await writeFile(first.path('work'), 'half');
    await first.release();
    assert.equal((await occupantOf(place)).life, 'released');
    const second = await claimPlace(place);
    assert.equal(await readFile(second.path('work'), 'utf8'), 'half');
    assert.equal(await second.isShared(), false);
    await second.remove();
  });

  it('is not taken over where that is refused', async () => {
    const place = at('refused');
    await (await claimPlace(place)).release();
    const before = await occupantOf(place);
    await assert.rejects(claimPlace(place, { mayTakeOver: () => Promise.reject(new Error('no')) }), /no/);
    assert.deepEqual(await occupantOf(place), before);
    await (await claimPlace(place)).remove();
  });

  const ended: readonly (readonly [string, Partial<ProcessIdentity>, number])[] = [
    ['whose process is gone', { pid: nobody }, 0],
    ['whose number another process has', { startTicks: '1' }, 0],
    ['whose machine was restarted since', { bootId: 'before' }, 40_000],
  ];
  for (const [name, identity, silenceMs] of ended) {
    it(`passes from an owner ${name}`, async function () {
      if (process.platform !== 'linux' || here.machine === null) this.skip();
      const place = at(name);
      const former = await claimPlace(place);
      await disguise(former, identity, silenceMs);
      assert.equal((await occupantOf(place)).life, 'ended');
      const owner = await claimPlace(place);
      assert.equal(await owner.isShared(), false);
      await owner.remove();
    });
  }

  it('passes from an owner on another machine after a time without a sign of life, or at the user’s word, and says so', async () => {
    const elsewhere = { host: 'elsewhere', machine: 'other', bootId: 'other', pid: nobody };
    for (const silent of [true, false]) {
      const place = at(`elsewhere ${silent}`);
      const former = await claimPlace(place);
      await disguise(former, elsewhere, silentAfterMs - 10_000);
      await assert.rejects(
        claimPlace(place),
        /process \d+ on elsewhere, .*last sign of life 4 min 5\d s ago\).*counts as ended after 5 minutes without/,
      );
      if (silent) await disguise(former, elsewhere, silentAfterMs + 10_000);
      const owner = await claimPlace(place, { takeOver: !silent });
      assert.equal(await owner.isShared(), true);
      await owner.release();
      const next = await claimPlace(place);
      assert.equal(await next.isShared(), true, 'until somebody has made the files anew');
      await next.endSharing();
      await next.release();
      const last = await claimPlace(place);
      assert.equal(await last.isShared(), false);
      await last.remove();
    }
  });

  it('that was lost lets its former owner change nothing, and tells it', async () => {
    const place = at('lost');
    const former = await claimPlace(place);
    await writeFile(former.path('made'), 'by the former');
    const owner = await claimPlace(place, { takeOver: true });
    await assert.rejects(rename(former.path('made'), place), { code: 'ENOENT' });
    await assert.rejects(writeFile(former.path('made'), ''), { code: 'ENOENT' });
    const step = former.use(() => rename(former.path('made'), place));
    await assert.rejects(step, new RegExp(`lost was taken over by process ${process.pid} on .*, so this run has stopped`));
    await former.beat();
    assert.equal((former.lost.reason as Error).name, 'OwnershipLostError');
    await former.remove();
    assert.equal(await readFile(owner.path('made'), 'utf8'), 'by the former');
    assert.equal((await occupantOf(place)).folder, owner.folder);
    await owner.remove();
    const late = owner.use(() => writeFile(owner.path('late'), ''));
    await assert.rejects(late, /was taken over or removed by somebody else/);
    assert.deepEqual(
      (await readdir(at())).filter((name) => name.startsWith('lost')),
      [],
    );
  });

  it('holds for parts of a job as long as the job is not taken over', async () => {
    const job = await claimPlace(at('job'));
    const part = await claimPlace(job.path('part-1'));
    await assert.rejects(claimPlace(job.path('part-1')), { name: 'PlaceOwnedError' });
    const other = await claimPlace(job.path('part-2'));
    await other.remove();
    const heir = await claimPlace(at('job'), { takeOver: true });
    const late = part.use(() => writeFile(part.path('made'), ''));
    await assert.rejects(late, { name: 'OwnershipLostError' });
    await part.remove();
    assert.deepEqual((await readdir(heir.path('part-1.partial'))).length, 1, 'it is the heir’s now');
    await heir.remove();
  });

  it('gives a sign of life, again where its record was swept away', async () => {
    const place = at('beat');
    const owner = await claimPlace(place);
    const record = recordPath(owner.folder, basename(owner.folder));
    await utimes(record, new Date(0), new Date(0));
    assert.ok((await occupantOf(place)).silenceMs > 1e12);
    await owner.beat();
    assert.ok((await occupantOf(place)).silenceMs < 5000);
    await rm(record);
    await owner.beat();
    assert.equal((await occupantOf(place)).life, 'alive');
    await owner.remove();
  });

  it('is alive as long as a process group that works for it', async () => {
    const place = at('group');
    const owner = await claimPlace(place);
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    owner.addGroup(child.pid!);
    const record = recordPath(owner.folder, basename(owner.folder));
    const { processes, ...rest } = JSON.parse(await readFile(record, 'utf8')) as Owner;
    assert.equal(processes.length, 2);
    await writeFile(record, JSON.stringify({ ...rest, processes: [{ ...processes[0], pid: nobody }, processes[1]] }));
    assert.equal((await occupantOf(place)).life, 'alive');
    process.kill(-child.pid!, 'SIGKILL');
    while (stateOf(processes[1]!) !== 'ended') await delay(5);
    assert.equal((await occupantOf(place)).life, 'ended');
    await owner.remove();
  });

  it('is waited for', async () => {
    const place = at('waited');
    const first = await claimPlace(place);
    const second = claimPlace(place, { waitMs: 5000 });
    await delay(60);
    await first.remove();
    await (await second).remove();
  });

  it('is not taken from what somebody else put there', async () => {
    await mkdir(at('mine.partial'));
    await writeFile(at('mine.partial', 'thesis.txt'), '');
    await writeFile(at('file.partial'), '');
    await assert.rejects(
      claimPlace(at('mine')),
      /mine\.partial holds what this tool did not write \(thesis\.txt\), so .*mine cannot be written/,
    );
    await assert.rejects(claimPlace(at('file')), /file\.partial is a file/);
    assert.ok(existsSync(at('mine.partial', 'thesis.txt')));
  });

  it('cleans up what claims have left that were killed half way', async () => {
    const place = at('swept');
    const left = [`.model-rebase-${nobody}-0123456789ab`, `.model-rebase-${process.pid}-0123456789ab`];
    const identities = [{ ...here, pid: nobody }, here];
    for (const [i, name] of left.entries()) {
      const id = name.slice('.model-rebase-'.length);
      await mkdir(at(name, id), { recursive: true });
      await writeFile(recordPath(at(name, id), id), JSON.stringify({ id, since: new Date().toISOString(), processes: [identities[i]] }));
    }
    await (await claimPlace(place)).remove();
    assert.deepEqual(
      left.map((name) => existsSync(join(at(), name))),
      [false, true],
    );
  });
});
