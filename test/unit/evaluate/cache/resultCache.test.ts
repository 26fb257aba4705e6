import assert from 'node:assert/strict';
import { appendFile, chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyOf, ResultCache } from '../../../../src/evaluate/cache/index.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { withoutPrivileges } from '../../../support/withoutPrivileges.js';

const values = [Float64Array.of(-0.5, -1e-300, -0, -Infinity), new Float64Array(0), Float64Array.of(NaN, -700.25)];
const key = keyOf('a result');

describe('the cache of results', () => {
  const path = temporaryFolder();
  let folder = '';
  let count = 0;

  beforeEach(() => {
    folder = path(`cache ${++count}`, 'results');
  });

  it('gives back every bit of what was put into it, also to another cache of the folder', async () => {
    assert.equal(await new ResultCache(folder).get(key), null);
    await new ResultCache(folder).put(key, values);
    assert.deepEqual(await new ResultCache(folder).get(key), values);
    assert.equal(await new ResultCache(folder).get(keyOf('another')), null);
  });

  it('keeps what is newest under a key, and results of no sequences', async () => {
    const cache = new ResultCache(folder);
    await cache.put(key, values);
    await cache.put(key, [Float64Array.of(1)]);
    assert.deepEqual(await cache.get(key), [Float64Array.of(1)]);
    await cache.put(key, []);
    assert.deepEqual(await cache.get(key), []);
  });

  it('takes part of an array for that part', async () => {
    const cache = new ResultCache(folder);
    await cache.put(key, [Float64Array.of(1, 2, 3, 4).subarray(1, 3)]);
    assert.deepEqual(await cache.get(key), [Float64Array.of(2, 3)]);
  });

  it('ignores files with any byte changed, cut, or added, and writes them again', async () => {
    const cache = new ResultCache(folder);
    await cache.put(key, values);
    const [name] = await readdir(folder);
    const file = join(folder, name!);
    const whole = await readFile(file);
    for (let position = 0; position < whole.length; position += 7) {
      const damaged = Buffer.from(whole);
      damaged[position]! ^= 0x10;
      await writeFile(file, damaged);
      assert.equal(await cache.get(key), null, `byte ${position}`);
      await writeFile(file, whole.subarray(0, position));
      assert.equal(await cache.get(key), null, `first ${position} bytes`);
    }
    await writeFile(file, whole);
    await appendFile(file, '\0');
    assert.equal(await cache.get(key), null);
    await cache.put(key, values);
    assert.deepEqual(await cache.get(key), values);
    assert.deepEqual(cache.findings, []);
  });

  it('ignores a result that has the name of another', async () => {
    const cache = new ResultCache(folder);
    await cache.put(key, values);
    const [name] = await readdir(folder);
    const other = keyOf('another');
    await writeFile(join(folder, name!.replace(key, other)), await readFile(join(folder, name!)));
    assert.equal(await cache.get(other), null);
  });

  it('removes what was not used for longest when it is full', async () => {
    const big = [new Float64Array(1000).fill(-1)];
    const keys = [0, 1, 2, 3].map((number) => keyOf(number));
    const cache = new ResultCache(folder, 4 * 8300);
    for (const [i, name] of keys.entries()) {
      await cache.put(name, big);
      await utimes(join(folder, `${name}.logprobs`), 1000 + i, 1000 + i);
    }
    assert.deepEqual((await readdir(folder)).length, 4);
    await cache.get(keys[0]!);
    await cache.put(keyOf('last'), big);
    const kept = await Promise.all([...keys, keyOf('last')].map((name) => cache.get(name)));
    assert.deepEqual(
      kept.map((found) => found !== null),
      [true, false, false, true, true],
    );
  });

  it('counts what other processes have put there', async () => {
    const big = [new Float64Array(1000).fill(-1)];
    await new ResultCache(folder).put(keyOf(1), big);
    await new ResultCache(folder, 10_000).put(keyOf(2), big);
    assert.equal((await readdir(folder)).length, 1);
  });

  it('when cleared loses its results and what killed processes left, but no file of others', async () => {
    const cache = new ResultCache(folder);
    await cache.clear();
    await cache.put(key, values);
    const temporary = (id: string) => `${key}.${id}-0000-0000-0000-000000000000.tmp`;
    await writeFile(join(folder, temporary('00000000')), 'old');
    await utimes(join(folder, temporary('00000000')), 1000, 1000);
    await writeFile(join(folder, temporary('11111111')), 'in the making by another process');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await mkdir(join(folder, `${keyOf('folder')}.logprobs`));
    await cache.clear();
    assert.deepEqual((await readdir(folder)).sort(), [temporary('11111111'), `${keyOf('folder')}.logprobs`, 'notes.txt'].sort());
    assert.equal(await cache.get(key), null);
  });

  it('loses what killed processes left with the first result that another process puts there', async () => {
    const temporary = join(folder, `${key}.22222222-0000-0000-0000-000000000000.tmp`);
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, 'half');
    await utimes(temporary, 1000, 1000);
    await new ResultCache(folder).put(key, values);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('is shared by many writers of the same results', async () => {
    const caches = Array.from({ length: 8 }, () => new ResultCache(folder, 100_000));
    const big = (number: number) => [new Float64Array(500).fill(number)];
    const put = caches.flatMap((cache) => Array.from({ length: 20 }, (_, i) => cache.put(keyOf(i), big(i))));
    const got = caches.flatMap((cache) => Array.from({ length: 20 }, async (_, i) => [i, await cache.get(keyOf(i))] as const));
    await Promise.all(put);
    for (const [i, found] of await Promise.all(got)) if (found !== null) assert.deepEqual(found, big(i));
    assert.deepEqual(
      caches.flatMap(({ findings }) => findings),
      [],
    );
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.tmp')),
      [],
    );
    assert.deepEqual(await caches[0]!.get(keyOf(19)), big(19));
  });

  it('that cannot be written warns once and stops trying', async () => {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o555);
    await chmod(path(), 0o755);
    await withoutPrivileges(async () => {
      const cache = new ResultCache(folder);
      await cache.put(key, values);
      await cache.put(keyOf('another'), values);
      assert.equal(await cache.get(key), null);
      assert.equal(cache.findings.length, 1);
      assert.match(
        cache.findings[0]!.message,
        /^Results cannot be written in .*results \(permission denied\).*Name a folder that has room and that you may write to/,
      );
    });
    await chmod(folder, 0o755);
    assert.deepEqual(await readdir(folder), []);
  });

  it('whose folder is a file, or whose file is a folder, warns as well', async () => {
    await mkdir(path(`cache ${count}`), { recursive: true });
    await writeFile(folder, '');
    const cache = new ResultCache(folder);
    assert.equal(await cache.get(key), null);
    await cache.put(key, values);
    assert.deepEqual(
      cache.findings.map(({ severity, code }) => [severity, code]),
      [['warning', 'cache-unusable']],
    );
    await rm(folder);
    await mkdir(join(folder, `${key}.logprobs`), { recursive: true });
    const other = new ResultCache(folder);
    assert.equal(await other.get(key), null);
    assert.match(other.findings[0]!.message, /cannot be read in/);
    assert.ok((await stat(folder)).isDirectory());
  });

  it('takes only keys of its own kind, so that nothing outside of its folder is touched', async () => {
    await assert.rejects(new ResultCache(folder).get('../../x'), RangeError);
    await assert.rejects(new ResultCache(folder).put('', values), RangeError);
  });
});
