import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { defaultCacheFolder, keyOf, ResultCache } from '../../../../src/evaluate/cache/index.js';
import { mountDisk } from '../../../support/mountedDisk.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

describe('a cache of results under faults', () => {
  const path = temporaryFolder();

  it('on a full disk warns, leaves nothing half written, and still gives what it has', async function () {
    const disk = mountDisk(path('disk'), 'size=64k');
    if (disk === null) this.skip();
    try {
      const cache = new ResultCache(join(disk.folder, 'results'));
      await cache.put(keyOf(1), [new Float64Array(1000)]);
      await cache.put(keyOf(2), [new Float64Array(20_000)]);
      assert.match(cache.findings[0]!.message, /^Results cannot be written in .* \(no space is left on the disk\)/);
      assert.deepEqual(await readdir(join(disk.folder, 'results')), [`${keyOf(1)}.logprobs`]);
      assert.deepEqual(await cache.get(keyOf(1)), [new Float64Array(1000)]);
    } finally {
      disk.unmount();
    }
  });

  it('in a process that is killed while it writes keeps only whole results', async () => {
    const folder = path('killed');
    const module = JSON.stringify(join(__dirname, '../../../../src/evaluate/cache/index.ts'));
    const script = `
      const { ResultCache, keyOf } = require(${module});
      const cache = new ResultCache(${JSON.stringify(folder)});
      void (async () => { for (let i = 0; ; i++) await cache.put(keyOf(i), [new Float64Array(50_000).fill(i)]); })();`;
    const child = spawn(process.execPath, ['--import', 'tsx', '-e', script], { stdio: ['ignore', 'inherit', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while ((await readdir(folder).catch(() => [])).length < 8) await delay(3);
    child.kill('SIGKILL');
    await ended;
    const names = (await readdir(folder)).filter((name) => name.endsWith('.logprobs'));
    const cache = new ResultCache(folder);
    for (let i = 0; i < names.length; i++) assert.deepEqual(await cache.get(keyOf(i)), [new Float64Array(50_000).fill(i)]);
    await cache.put(keyOf(names.length), [Float64Array.of(1)]);
    assert.deepEqual(await cache.get(keyOf(names.length)), [Float64Array.of(1)]);
    assert.deepEqual(cache.findings, []);
  });

  it('that was damaged by hand is written again', async () => {
    const cache = new ResultCache(path('damaged'));
    await cache.put(keyOf(1), [Float64Array.of(1)]);
    await writeFile(path('damaged', `${keyOf(1)}.logprobs`), 'not a result at all, but longer than the prefix of one');
    assert.equal(await cache.get(keyOf(1)), null);
    await cache.put(keyOf(1), [Float64Array.of(1)]);
    assert.deepEqual(await cache.get(keyOf(1)), [Float64Array.of(1)]);
  });

  it('whose folder was removed meanwhile makes it again', async () => {
    const cache = new ResultCache(path('removed'));
    await cache.put(keyOf(1), []);
    await rm(path('removed'), { recursive: true });
    assert.equal(await cache.get(keyOf(1)), null);
    await cache.put(keyOf(1), []);
    assert.deepEqual([await cache.get(keyOf(1)), cache.findings], [[], []]);
  });
});

describe("the command line's folder of results", () => {
  const folders: [NodeJS.Platform, NodeJS.ProcessEnv, string][] = [
    ['linux', {}, '/home/u/.cache/model-rebase/results'],
    ['linux', { XDG_CACHE_HOME: '/var/cache/u' }, '/var/cache/u/model-rebase/results'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/u/.cache/model-rebase/results'],
    ['darwin', { XDG_CACHE_HOME: '/var/cache/u' }, '/home/u/Library/Caches/model-rebase/results'],
  ];
  for (const [platform, environment, expected] of folders)
    it(`on ${platform} with ${JSON.stringify(environment)} is ${expected}`, () =>
      assert.equal(defaultCacheFolder(platform, environment, '/home/u'), expected));

  it('on Windows is in the local application data', () => {
    assert.equal(defaultCacheFolder('win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\u'), 'D:\\Local\\model-rebase\\results');
    assert.equal(defaultCacheFolder('win32', {}, 'C:\\u'), 'C:\\u\\AppData\\Local\\model-rebase\\results');
  });
});
