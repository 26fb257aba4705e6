import assert from 'node:assert/strict';
import { renameSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import { stat, truncate, utimes } from 'node:fs/promises';
import { openModel } from '../../../src/model/index.js';
import { computeTensorDetail } from '../../../src/compare/index.js';
import { FileReader } from '../../../src/compute/fileReader.js';
import { writeSparse } from '../../support/sparseCheckpoint.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { countThreads } from '../../support/threads.js';
import { compareVersions, simd, type RunOptions } from './support/compareFiles.js';
import { modifiedAtOf } from '../../../src/base/modifiedAt.js';
import type { Model } from '../../../src/model/index.js';

const tensors = [
  { name: 'first', dtype: 'BF16', shape: [64] },
  { name: 'large', dtype: 'BF16', shape: [24, 1024, 1024] },
] as const;

describe('files that change under a comparison', () => {
  const at = temporaryFolder();
  let a: Model;
  let b: Model;

  beforeEach(async () => {
    await Promise.all([writeSparse(at('a.safetensors'), tensors), writeSparse(at('b.safetensors'), tensors)]);
    await utimes(at('b.safetensors'), 1_700_000_000, 1_700_000_000);
    [a, b] = await Promise.all([openModel(at('a.safetensors')), openModel(at('b.safetensors'))]);
  });

  /** The error of a comparison that has to fail, once its threads are seen to be gone. */
  async function failure(options: RunOptions = {}): Promise<Error> {
    const { result, started, alive } = await countThreads(() => compareVersions(a, b, options));
    assert.deepEqual([result.status, started, alive], ['rejected', 1, 0]);
    return (result as PromiseRejectedResult).reason as Error;
  }

  /** Calls `change` once, when the first of 13 tasks has been read. */
  function afterFirstTask(change: () => void): RunOptions {
    let isFirst = true;
    const onProgress = () => {
      if (isFirst) change();
      isFirst = false;
    };
    return { onProgress };
  }

  it('shrinks while it is read: the error names file, tensor, expected and found bytes', async () => {
    const { name, message } = await failure(afterFirstTask(() => truncateSync(at('b.safetensors'), 1_000_000)));
    assert.equal(name, 'FileReadError');
    assert.match(
      message,
      /b\.safetensors \(tensor "large"\): shrank while it was being read\. Expected \d+ bytes at byte \d+, found \d+\. Wait until the file is complete and run again\.$/,
    );
  });

  it('is cut short before it is read', async () => {
    const { byteLength } = b.shards[0]!;
    await truncate(at('b.safetensors'), byteLength - 2);
    await utimes(at('b.safetensors'), 1_700_000_000, 1_700_000_000);
    const { message } = await failure();
    const moment = '2023-11-14T22:13:20.000Z';
    const expected = `Expected ${byteLength} bytes last modified ${moment}, found ${byteLength - 2} bytes last modified ${moment}.`;
    assert.equal(
      message,
      `${at('b.safetensors')} (tensor "first"): changed while it was being read. ${expected} Wait until the file is complete and run again.`,
    );
  });

  it('is written again at the same length', async () => {
    await utimes(at('b.safetensors'), 1_700_000_000, 1_700_000_060);
    assert.match(
      (await failure()).message,
      /\(tensor "first"\): changed while it was being read\. .* last modified 2023-11-14T22:13:20\.000Z, found .* last modified 2023-11-14T22:14:20\.000Z\./,
    );
  });

  it('is written again while it is read: the numbers are not shown', async () => {
    const { message } = await failure(afterFirstTask(() => utimesSync(at('b.safetensors'), 1, 1)));
    assert.match(
      message,
      /b\.safetensors: changed while it was being read, so the numbers would mix two versions\. Expected \d+ bytes last modified 2023-11-14T22:13:20\.000Z, found \d+ bytes last modified 1970-01-01T00:00:01\.000Z\./,
    );
  });

  it('is replaced by another while it is read', async () => {
    await writeSparse(at('new.safetensors'), tensors);
    const { message } = await failure(afterFirstTask(() => renameSync(at('new.safetensors'), at('b.safetensors'))));
    assert.match(message, /b\.safetensors: changed while it was being read, so the numbers would mix two versions\./);
  });

  it('is deleted before it is read', async () => {
    rmSync(at('b.safetensors'));
    const { message } = await failure();
    assert.match(
      message,
      /b\.safetensors \(tensor "first"\): cannot be read any more: no such file or folder\. Check that the file is there and readable, then run again\.$/,
    );
  });

  it('is deleted while it is read', async () => {
    const { message } = await failure(afterFirstTask(() => rmSync(at('b.safetensors'))));
    assert.match(
      message,
      /b\.safetensors: disappeared while it was being read \(no such file or folder\)\. Put the file back and run again\.$/,
    );
  });

  it('turns out unreadable: the error of the system arrives with file and tensor', async () => {
    const stats = await stat(at(), { bigint: true }); // a folder opens like a file, but does not read like one
    const file = { path: at(), byteLength: Number(stats.size), modifiedAt: modifiedAtOf(stats) };
    const reader = new FileReader();
    const read = () => reader.read({ file, tensor: 'first', dtype: 'U8', start: 0, byteLength: 8 }, new Uint8Array(8));
    assert.throws(read, {
      name: 'FileReadError',
      message: `${at()} (tensor "first"): cannot be read any more: it is a folder. Check that the file is there and readable, then run again.`,
    });
    reader.close();
  });

  it('also ends the detail of one tensor', async () => {
    let isFirst = true;
    const onProgress = () => {
      if (isFirst) utimesSync(at('b.safetensors'), 1, 1);
      isFirst = false;
    };
    await assert.rejects(
      computeTensorDetail(a, b, 'first', 'first', { engine: simd, workers: 1, onProgress }),
      /b\.safetensors: changed while it was being read/,
    );
  });

  it('cancelled in the middle: rejected at once with the reason, threads gone, and the next comparison runs', async () => {
    const controller = new AbortController();
    const reason = new Error('The panel was closed.');
    let done = 0;
    let aborted = 0;
    const onProgress = (bytes: number, total: number) => {
      done = bytes / total;
      if (aborted > 0) return;
      aborted = performance.now();
      controller.abort(reason);
    };
    assert.equal(await failure({ signal: controller.signal, onProgress }), reason);
    assert.ok(done < 0.5, `stopped at ${done}`);
    assert.ok(performance.now() - aborted < 2000);
    const report = await compareVersions(a, b);
    assert.equal(report.summary.statuses.identical, 2);
  });
});
