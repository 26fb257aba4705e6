import assert from 'node:assert/strict';
import { mkdir, readFile, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { xxhash128 } from 'hash-wasm';
import { openModel } from '../../../../src/model/index.js';
import { parseManifest, readManifest, runCombine, verify, type Manifest } from '../../../../src/combine/run/index.js';
import { combineRequest, planCombine, transfer } from '../../../../src/combine/index.js';
import { planTransfer, Workspace, writeFamily } from '../../../support/combineFamily.js';
import { writeSafetensors } from '../../../support/safetensorsFile.js';

const chunk = 1024 * 1024;

describe('verifying an output', () => {
  let space: Workspace;
  let manifest: Manifest;
  let output: string;
  let weights: string;

  beforeEach(async () => {
    space = await Workspace.make();
    output = space.path('out');
    weights = `${output}/model.safetensors`;
    await writeFamily(space.path('family'), 3, 600_000);
    manifest = await runCombine(await planTransfer(space.path('family'), output, 0.3), { sync: false, workers: 2 });
  });
  afterEach(() => space.remove());

  /** Changes one bit of a tensor's third chunk or last byte. */
  async function flipBit(name: string): Promise<void> {
    const { tensors } = await openModel(weights);
    const { start, byteLength } = tensors.find((tensor) => tensor.name === name)!;
    const bytes = await readFile(weights);
    bytes[start + byteLength - 1]! ^= 0x40;
    await writeFile(weights, bytes);
  }

  it('finds nothing in what was just written, deep or not', async () => {
    assert.deepEqual(await verify(output), { deep: false, tensorCount: 4, differences: [], unlisted: [] });
    assert.deepEqual(await verify(output, { deep: true, workers: 2 }), { deep: true, tensorCount: 4, differences: [], unlisted: [] });
  });

  it('has hashes that anyone can recompute by the documented rule', async () => {
    const { tensors, shards } = await openModel(weights);
    const bytes = await readFile(shards[0]!.path);
    const hashes: string[] = [];
    for (const { name, start, byteLength } of tensors) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < byteLength; at += chunk)
        pieces.push(Buffer.from(await xxhash128(bytes.subarray(start + at, start + Math.min(at + chunk, byteLength))), 'hex'));
      hashes.push(await xxhash128(Buffer.concat(pieces)));
      assert.equal(manifest.tensors.find((tensor) => tensor.name === name)!.hash, hashes.at(-1));
    }
    const header = await xxhash128(bytes.subarray(0, manifest.shards[0]!.headerByteLength));
    assert.equal(manifest.shards[0]!.hash, await xxhash128(Buffer.from([header, ...hashes].join(''), 'hex')));
  });

  it('finds a flipped bit, and names the tensor', async () => {
    await flipBit('model.layers.1.mlp.weight');
    const expected = [{ kind: 'tensor', name: 'model.layers.1.mlp.weight', problem: 'its bytes are others than those that were written' }];
    assert.deepEqual((await verify(output)).differences, expected);
    assert.deepEqual((await verify(output, { deep: true })).differences, expected);
  });

  it('deep finds a value that is wrong although the manifest agrees', async () => {
    await flipBit('model.layers.2.mlp.weight');
    const forged = await hashesAgain(manifest, await readFile(weights));
    await writeFile(`${output}/model-rebase.json`, JSON.stringify(forged));
    assert.deepEqual((await verify(output)).differences, []);
    assert.deepEqual((await verify(output, { deep: true })).differences, [
      { kind: 'tensor', name: 'model.layers.2.mlp.weight', problem: '1 of its values are not what the inputs give' },
    ]);
  });

  it('finds a changed header, a file that is cut off or missing, and changed files beside the weights', async () => {
    const bytes = await readFile(weights);
    bytes.write('x', bytes.indexOf('"pt"') + 1);
    await writeFile(weights, bytes);
    await writeFile(`${output}/README.md`, 'mine');
    assert.deepEqual((await verify(output)).differences, [
      { kind: 'weights file', name: 'model.safetensors', problem: 'its header is another than the one that was written' },
      { kind: 'file', name: 'README.md', problem: 'it was changed' },
    ]);
    await truncate(weights, bytes.length - 5);
    await rm(`${output}/README.md`);
    assert.deepEqual((await verify(output, { deep: true })).differences, [
      { kind: 'weights file', name: 'model.safetensors', problem: `it has ${bytes.length - 5} bytes instead of ${bytes.length}` },
      { kind: 'file', name: 'README.md', problem: 'it is missing' },
    ]);
    await rm(weights);
    assert.equal((await verify(output)).differences[0]!.problem, 'it is missing');
  });

  it('deep says which input is not the one that was used', async () => {
    const base = space.path('family', 'base', 'model.safetensors');
    await utimes(base, new Date(), new Date('2026-01-01'));
    assert.deepEqual((await verify(output, { deep: true })).differences, [
      { kind: 'input', name: `base (${base})`, problem: 'it was modified since, so the combination cannot be computed again' },
    ]);
    await rename(base, `${base}.away`);
    assert.match((await verify(output, { deep: true })).differences[0]!.problem, /it is missing or cannot be read/);
  });

  it('takes names for names, whatever they spell', async () => {
    const tensor = { name: 'Infinity', dtype: 'F32', shape: [1], bytes: new Uint8Array([0, 0, 0x80, 0x3f]) } as const;
    for (const role of ['Infinity', 'NaN', 'null']) await writeSafetensors(space.path(role, 'model.safetensors'), [tensor]);
    const inputs = ['Infinity', 'NaN', 'null'].map((role) => ({ role, path: space.path(role), expect: 'checkpoint' as const }));
    const folder = space.path('named');
    const combination = transfer('Infinity', 'NaN', 'null');
    await runCombine(await planCombine(combineRequest({ combination, inputs, output: folder })), { sync: false, workers: 1 });
    const { inputs: read, tensors } = await readManifest(`${folder}/model-rebase.json`);
    assert.deepEqual([read[0]!.role, tensors[0]!.name, tensors[0]!.sources[0]!.name], ['Infinity', 'Infinity', 'Infinity']);
    assert.deepEqual((await verify(folder, { deep: true, workers: 1 })).differences, []);
  });

  it('works for a folder that was moved', async () => {
    await rename(output, space.path('elsewhere'));
    assert.deepEqual((await verify(space.path('elsewhere'), { deep: true })).differences, []);
  });

  it('notes files that the manifest does not list; weights among them are differences', async () => {
    await writeFile(`${output}/notes.txt`, '');
    await mkdir(`${output}/logs`);
    assert.deepEqual(await verify(output), { deep: false, tensorCount: 4, differences: [], unlisted: ['logs/', 'notes.txt'] });
    await writeFile(`${output}/extra.safetensors`, '');
    await writeFile(`${output}/model.safetensors.index.json`, '{}');
    const problem = 'the manifest does not list it';
    assert.deepEqual((await verify(output)).differences, [
      { kind: 'weights file', name: 'extra.safetensors', problem },
      { kind: 'weights file', name: 'model.safetensors.index.json', problem },
    ]);
  });

  it('finds a formula that is not that of the combination', async () => {
    await writeFile(`${output}/model-rebase.json`, JSON.stringify({ ...manifest, formula: 'target + 0.5·(finetuned − base)' }));
    assert.deepEqual((await verify(output)).differences, [
      {
        kind: 'manifest',
        name: 'model-rebase.json',
        problem: 'its formula is target + 0.5·(finetuned − base), but its combination is target + 0.3·(finetuned − base)',
      },
    ]);
  });

  it('refuses a folder without a manifest, and manifests that are damaged', async () => {
    await assert.rejects(
      verify(space.path('family', 'base')),
      /base: not written by this tool, for it holds no model-rebase\.json\. Expected the folder that a transfer, a combination or a diff vector/,
    );
    await assert.rejects(verify(weights), /model\.safetensors: not a folder\. Expected the folder/);
    await assert.rejects(verify(space.path('absent')), /absent: no such folder\. Expected the folder/);
    const text = await readFile(`${output}/model-rebase.json`, 'utf8');
    const damages: [(root: Record<string, never>) => void, RegExp][] = [
      [(root) => Object.assign(root, { version: 2 }), /"version" of the manifest is not 1/],
      [
        (root) => Object.assign(root['shards']![0], { file: '../other/model.safetensors' }),
        /"file" of "shards"\[0\] of the manifest is not a plain file name/,
      ],
      [(root) => Object.assign(root['tensors']![1], { offset: 1e9 }), /tensor ".*" is not a place in one of the weights files/],
      [(root) => Object.assign(root['tensors']![1], { hash: 'xyz' }), /is not 32 hexadecimal digits/],
      [(root) => Object.assign(root['tensors']![1], { scales: [1] }), /is not a scale for each step/],
      [(root) => Object.assign(root, { inputs: [] }), /is not a source for each input/],
      [(root) => Object.assign(root, { request: {} }), /"scales" of "request" of the manifest is not a list/],
    ];
    for (const [damage, message] of damages) {
      const root = JSON.parse(text) as Record<string, never>;
      damage(root);
      assert.throws(() => parseManifest('model-rebase.json', JSON.stringify(root)), message);
    }
    assert.throws(() => parseManifest('model-rebase.json', text.slice(0, 99)), /not valid JSON/);
    assert.deepEqual(parseManifest('model-rebase.json', text), await readManifest(`${output}/model-rebase.json`));
  });
});

/** The manifest with the hashes that the bytes have now. */
async function hashesAgain(manifest: Manifest, bytes: Buffer): Promise<Manifest> {
  const { headerByteLength } = manifest.shards[0]!;
  const hashOf = async (start: number, byteLength: number): Promise<string> => {
    const pieces: Buffer[] = [];
    for (let at = 0; at < byteLength; at += chunk)
      pieces.push(Buffer.from(await xxhash128(bytes.subarray(start + at, start + Math.min(at + chunk, byteLength))), 'hex'));
    return xxhash128(Buffer.concat(pieces));
  };
  const tensors = await Promise.all(
    manifest.tensors.map(async (tensor) => ({ ...tensor, hash: await hashOf(headerByteLength + tensor.offset, tensor.byteLength) })),
  );
  const ordered = [...tensors].sort((a, b) => a.offset - b.offset).map(({ hash }) => hash);
  const header = await xxhash128(bytes.subarray(0, headerByteLength));
  const hash = await xxhash128(Buffer.from([header, ...ordered].join(''), 'hex'));
  return { ...manifest, tensors, shards: [{ ...manifest.shards[0]!, hash }] };
}
