import assert from 'node:assert/strict';
import { cp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disagreements, openLineage, readLineage, recordModel, refreshLineage, type ReleaseOnDisk } from '../../../src/recycle/index.js';
import { jobs } from '../../../src/engine/jobs.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { baseValues, edit, makeSeries, plus, readModel, run, update, writeModel } from './support/series.js';

const context = { signal: new AbortController().signal, report: () => undefined };

function prepare(path: string, overwrite = false): Promise<unknown> {
  return jobs['recycle/prepare']({ path, overwrite }, context);
}

async function release(path: string, index: number): Promise<ReleaseOnDisk> {
  return (await openLineage(path)).releases[index]!;
}

describe('lineage files that lie', () => {
  const template = temporaryFolder();
  before(() => makeSeries(template('series'), 2, { finetuned: 1 }));

  /** A lineage whose second round is due, in a folder that is gone afterwards. */
  function withSecondRound(use: (path: string, at: (...names: string[]) => string) => Promise<void>): Promise<void> {
    return inTemporaryFolder(async (folder) => {
      await cp(template('series'), folder, { recursive: true, preserveTimestamps: true });
      await use(join(folder, 'series.lineage.json'), (...names) => join(folder, ...names));
    });
  }

  it('a base is missing: said with its release and path, and no round begins', () =>
    withSecondRound(async (path, at) => {
      await rename(at('base-2'), at('moved'));
      assert.match((await release(path, 1)).problems.join(), /^v2, base: .*base-2: no such file or folder\. Check the path/);
      await assert.rejects(run(path), /^RoundError: v2, base: .*base-2: no such file or folder/);
    }));

  it('a checkpoint was swapped for another one of the same shapes and size', () =>
    withSecondRound(async (path, at) => {
      await writeModel(at('base-1'), baseValues(9));
      const expected =
        /^v1, base: .*base-1 is not the checkpoint that the lineage used: the weights in model\.safetensors have another hash\. Restore it, or delete "inputs\.base"/;
      assert.match((await release(path, 0)).problems.join(), expected);
      await assert.rejects(run(path), /is not the checkpoint that the lineage used/);
    }));

  it('a configuration was edited', () =>
    withSecondRound(async (path, at) => {
      await writeFile(at('base-2', 'config.json'), '{"model_type":"llama","rope_theta":1}');
      assert.match((await release(path, 1)).problems.join(), /config\.json has another hash/);
    }));

  it('a hash was edited', () =>
    withSecondRound(async (path) => {
      await edit(path, /"headerSha256": "[0-9a-f]{8}/, '"headerSha256": "00000000');
      assert.match((await release(path, 0)).problems.join(), /the header of model\.safetensors has another hash/);
    }));

  it('a file that was only copied anew is the same checkpoint', () =>
    withSecondRound(async (path, at) => {
      await utimes(at('base-2', 'model.safetensors'), 1, 1);
      const { problems, remarks } = await release(path, 1);
      assert.deepEqual([problems, remarks], [[], ['v2, base: model.safetensors was written anew with the same content.']]);
    }));

  it('a start was made of a model that is another one now: it is made again, when that is wanted', () =>
    withSecondRound(async (path, at) => {
      await prepare(path);
      await writeModel(at('finetuned-1'), plus(baseValues(1), update, 5));
      await edit(path, /"finetuned": \{ "shards"|"finetuned": \{\s+"shards"/, '"removed": { "shards"');
      assert.match(
        (await release(path, 1)).startProblem ?? '',
        /it was made of the fine-tuned version of "v1" as it was before\. Make it again with .*--overwrite/,
      );
      await assert.rejects(run(path), /it was made of the fine-tuned version of "v1" as it was before/);
      await assert.rejects(prepare(path), /as it was before/);
      await prepare(path, true);
      assert.equal((await run(path)).kind, 'trained');
      assert.deepEqual(await readModel(at('series.rounds', 'v2', 'finetuned')), plus(baseValues(2), update, 6));
    }));

  it('a start was damaged: no hours are spent on it', () =>
    withSecondRound(async (path, at) => {
      await prepare(path);
      const file = at('series.rounds', 'v2', 'start', 'model.safetensors');
      const bytes = await readFile(file);
      bytes[bytes.length - 1]! ^= 1;
      await writeFile(file, bytes);
      await assert.rejects(run(path), /v2, start checkpoint: .* is not the checkpoint that the lineage used/);
      await edit(path, /"start": \{ "shards"|"start": \{\s+"shards"/, '"removed": { "shards"');
      await assert.rejects(run(path), /1 difference from its manifest, first tensor model\.layers\.0\.mlp\.weight: .* Make it again/);
    }));

  it('the strategy was changed after the start was written', () =>
    withSecondRound(async (path, at) => {
      await prepare(path);
      await edit(path, '"iterative"', '"plain"');
      assert.equal((await release(path, 1)).state, 'new');
      await run(path);
      assert.deepEqual(await readModel(at('series.rounds', 'v2', 'finetuned')), plus(baseValues(2), update));
    }));

  it('a state that is not so is said, and put right by the next command that writes', () =>
    withSecondRound(async (path) => {
      await edit(path, '"state": "new"', '"state": "finetuned"');
      assert.deepEqual(disagreements(await openLineage(path)), ['v2: the file says "finetuned", the disk says "new".']);
      await refreshLineage(path);
      assert.deepEqual(disagreements(await openLineage(path)), []);
    }));

  it('a fine-tuned version that the file names is gone', () =>
    withSecondRound(async (path, at) => {
      await rm(at('finetuned-1'), { recursive: true });
      assert.deepEqual([(await release(path, 0)).state, (await release(path, 0)).problems.length], ['new', 1]);
      await assert.rejects(run(path), /v1, fine-tuned version: .*finetuned-1: no such file or folder/);
    }));

  it('a release was taken out while it was trained elsewhere', () =>
    withSecondRound(async (path) => {
      await assert.rejects(
        recordModel(path, 'v3', 'finetuned', '/nowhere', { overwrite: false }),
        /has no release "v3"\. It has "v1", "v2"\./,
      );
    }));

  it('a recorded model has to fit its base, and takes the place of another one only when that is wanted', () =>
    withSecondRound(async (path, at) => {
      await cp(at('base-2'), at('elsewhere'), { recursive: true });
      await writeModel(at('elsewhere'), plus(baseValues(2), update, 3));
      const record = (name: string, overwrite = false) => recordModel(path, name, 'finetuned', at('elsewhere'), { overwrite });
      const { normDelta } = await record('v2');
      assert.ok(Math.abs(normDelta! - 3 * Math.hypot(...update)) < 1e-4);
      assert.equal((await readLineage(path)).lineage.releases[1]!.finetuned, 'elsewhere');
      await assert.rejects(record('v2'), /has elsewhere already.*--overwrite/);
      await record('v2', true);
      await writeModel(at('elsewhere'), [...baseValues(2).slice(1), NaN]);
      await assert.rejects(record('v2', true), /NaN or infinite/);
    }));
});
