import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint } from '../../../src/checkpoint/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { writeTorchFile, type TorchTensorToWrite } from '../../support/torchFile.js';
import { buildZip } from '../../support/zipFile.js';
import { root, runCli, sample } from './support/runCli.js';

/** The tensors of a sample with their bytes. */
async function tensorsOf(name: string): Promise<(TorchTensorToWrite & { readonly bytes: Uint8Array })[]> {
  const { tensors, shards } = await openCheckpoint(sample(name));
  const files = await Promise.all(shards.map(({ path }) => readFile(path)));
  return tensors.map(({ name: tensor, dtype, shape, shard, start, byteLength }) => ({
    name: tensor,
    dtype,
    shape,
    bytes: files[shard]!.subarray(start, start + byteLength),
  }));
}

/** A matrix whose storage has its columns one after the other, as a transposed parameter is saved. */
function transposed(tensor: TorchTensorToWrite & { readonly bytes: Uint8Array }): TorchTensorToWrite {
  const { shape, bytes } = tensor;
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined) return tensor;
  const turned = new Uint8Array(bytes.byteLength);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned.set(bytes.subarray(2 * (row * columns + column), 2 * (row * columns + column + 1)), 2 * (column * rows + row));
  return { ...tensor, bytes: turned, strides: [1, rows] };
}

/** BF16 as NumPy's files have it: two bytes without a name. */
function npy({ shape }: TorchTensorToWrite, bytes: Uint8Array): Buffer {
  const header = Buffer.from(`{'descr': '<V2', 'fortran_order': False, 'shape': (${shape.join(', ')},), }\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.byteLength);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, header, bytes]);
}

const writers: Readonly<Record<string, (name: string, folder: string) => Promise<void>>> = {
  '.bin': async (name, folder) => writeTorchFile(join(folder, 'pytorch_model.bin'), await tensorsOf(name)),
  '.bin with transposed views': async (name, folder) =>
    writeTorchFile(join(folder, 'pytorch_model.bin'), (await tensorsOf(name)).map(transposed)),
  '.npz': async (name, folder) => {
    const entries = (await tensorsOf(name)).map((tensor) => ({ name: `${tensor.name}.npy`, content: npy(tensor, tensor.bytes) }));
    await writeFile(join(folder, 'weights.npz'), buildZip(entries));
  },
};

describe('command line: the same models in other formats', () => {
  const at = temporaryFolder();

  async function convert(name: string, format: string): Promise<string> {
    const folder = at(`${name}-${format.replaceAll(' ', '-')}`);
    await mkdir(folder, { recursive: true });
    for (const file of await readdir(sample(name)))
      if (/^(?!model).*\.json$/.test(file)) await copyFile(join(sample(name), file), join(folder, file));
    await writers[format]!(name, folder);
    return folder;
  }

  for (const [number, format] of Object.keys(writers).entries()) {
    it(`${format} are inspected, equal what they were made of, and score the same`, async () => {
      const folder = await convert('base-1', format);
      assert.match(
        (await runCli(['inspect', folder])).stdout,
        /LlamaForCausalLM · 1\.37M parameters · BF16 · 2\.74 MB in 1 file · 57 tensors/,
      );
      assert.match((await runCli(['diff', sample('base-1'), folder])).stdout, /57 identical/);
      const text = at('text.txt');
      await writeFile(text, (await readFile(join(root, 'samples/text/english.txt'), 'utf8')).slice(0, 2000));
      const [own, made] = await Promise.all([sample('base-1'), folder].map((model) => runCli(['evaluate', model, '--task', text])));
      const scoreOf = (stdout: string): string => /\s(\d\.\d{4})\s/.exec(stdout)![1]!;
      assert.equal(scoreOf(made!.stdout), scoreOf(own!.stdout), made!.stderr);
    });

    it(`${format} are transferred to the same bytes, as safetensors`, async () => {
      const [base, target] = [await convert('base-1', format), await convert('base-2', format)];
      const outputs = [at(`plain-${number}`), at(`made-${number}`)] as const;
      for (const [out, from, to] of [
        [outputs[0], sample('base-1'), sample('base-2')],
        [outputs[1], base, target],
      ] as const) {
        const { code, stderr } = await runCli([
          'transfer',
          '--finetuned',
          sample('finetuned-1'),
          '--base',
          from,
          '--target',
          to,
          '--out',
          out,
        ]);
        assert.equal(code, 0, stderr);
      }
      const valuesOf = async (folder: string): Promise<[string, string][]> => {
        const { tensors, shards } = await openCheckpoint(folder);
        const files = await Promise.all(shards.map(({ path }) => readFile(path)));
        return tensors
          .map(({ name, shard, start, byteLength }): [string, string] => [
            name,
            files[shard]!.toString('base64', start, start + byteLength),
          ])
          .sort(([a], [b]) => (a < b ? -1 : 1));
      };
      assert.deepEqual(await valuesOf(outputs[1]), await valuesOf(outputs[0]));
      const { code, stdout } = await runCli(['verify', outputs[1], '--deep']);
      assert.equal(code, 0, stdout);
    });
  }

  it('folders of torch.distributed.checkpoint are compared, and transferred as a whole', async () => {
    const folder = join(root, 'test/goldens/distributed/fsdp2');
    const out = at('from-distributed');
    const { code, stderr } = await runCli(['transfer', '--finetuned', folder, '--base', folder, '--target', folder, '--out', out]);
    assert.equal(code, 0, stderr);
    assert.match((await runCli(['diff', folder, out])).stdout, /4 identical/);
    assert.equal((await runCli(['verify', out, '--deep'])).code, 0);
  });
});
