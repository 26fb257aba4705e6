import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint, type Checkpoint } from '../../../../src/checkpoint/index.js';
import { FormatError } from '../../../../src/base/formatError.js';
import { inTemporaryFolder } from '../../../support/inTemporaryFolder.js';
import {
  buildTorchArchive,
  buildTorchFile,
  pickle,
  pickledDict,
  pickledTensor,
  type TorchTensorToWrite,
} from '../../../support/torchFile.js';
import { buildZip, type ZipFileEntry } from '../../../support/zipFile.js';

const weight: TorchTensorToWrite = { name: 'w', dtype: 'F32', shape: [2, 3] };
const dict = pickledDict([['w', pickledTensor(weight)]]);
const pickled = Buffer.concat([pickle.begin, dict, pickle.end]);
const entries: readonly ZipFileEntry[] = [
  { name: 'a/data.pkl', content: pickled },
  { name: 'a/data/w', content: new Uint8Array(24) },
];

const open = (file: Uint8Array, part = ''): Promise<Checkpoint> =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'weights.pt');
    await writeFile(path, file);
    return openCheckpoint(path + part);
  });
const namesOf = ({ tensors, scattered }: Checkpoint): string[] => [...tensors, ...scattered].map(({ name }) => name);
const messageOf = async (file: Uint8Array): Promise<string> => {
  const error: unknown = await open(file).then(namesOf, (reason: unknown) => reason);
  assert.ok(error instanceof FormatError, String(error));
  return error.message;
};
/** The place of bytes in a file, from the end. */
const placeOf = (file: Buffer, mark: number): number => file.lastIndexOf(Buffer.from(Uint32Array.of(mark).buffer));
const changed = (file: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(file);
  change(copy);
  return copy;
};

describe('archives of PyTorch', () => {
  it('sizes of 64 bits, a comment, padded headers, a compressed pickle', async () => {
    for (const file of [
      buildZip(entries, { zip64: true }),
      buildZip(entries, { comment: 'x'.repeat(65535) }),
      buildZip(entries.map((entry) => ({ ...entry, padding: 37 }))),
      buildZip([{ ...entries[0]!, compressed: true }, entries[1]!]),
    ]) {
      const { tensors } = await open(file);
      assert.deepEqual(
        tensors.map(({ name, shape, byteLength }) => [name, shape, byteLength]),
        [['w', [2, 3], 24]],
      );
    }
  });

  it('a tensor lies where its storage does', async () => {
    const file = buildTorchFile([{ ...weight, bytes: Buffer.from('abcdefghijklmnopqrstuvwx') }]);
    const { tensors } = await open(file);
    assert.equal(file.subarray(tensors[0]!.start, tensors[0]!.start + 24).toString(), 'abcdefghijklmnopqrstuvwx');
  });

  it('says which tensors share their bytes', async () => {
    const tied = buildTorchFile([
      { ...weight, name: 'a', key: '0' },
      { ...weight, name: 'b', key: '0' },
    ]);
    const { tensors, findings } = await open(tied);
    assert.equal(tensors[0]!.start, tensors[1]!.start);
    assert.match(findings.map(({ message }) => message).join(), /"b" \(as "a"\)/);
  });

  it('views that do not lie in order are listed with their strides', async () => {
    const { tensors, scattered } = await open(buildTorchFile([{ ...weight, strides: [1, 2] }]));
    assert.deepEqual(tensors, []);
    assert.deepEqual(
      scattered.map(({ shape, layout }) => [shape, layout.kind === 'strided' && layout.strides]),
      [
        [
          [2, 3],
          [1, 2],
        ],
      ],
    );
  });
});

describe('archives that are damaged or hostile', () => {
  const good = buildZip(entries);
  const end = placeOf(good, 0x06054b50);
  const listed = placeOf(good, 0x02014b50);
  const cases: readonly (readonly [what: string, file: Uint8Array, message: RegExp])[] = [
    ['cut short', good.subarray(0, -1), /no end, or other data follows/],
    ['followed by other data', Buffer.concat([good, Buffer.from('x')]), /no end, or other data follows/],
    ['after other data', Buffer.concat([good.subarray(0, 4), good]), /not where the end of the archive says/],
    ['a directory elsewhere', changed(good, (copy) => copy.writeUInt32LE(0, end + 16)), /not where the end/],
    ['another number of entries', changed(good, (copy) => copy.writeUInt16LE(7, end + 10)), /another number of entries/],
    ['an entry that overlaps', changed(good, (copy) => copy.writeUInt32LE(1, listed + 42)), /overlaps/],
    ['an entry that leaves the file', changed(good, (copy) => copy.writeUInt32LE(1e9, listed + 20)), /overlaps/],
    ['an encrypted entry', changed(good, (copy) => copy.writeUInt16LE(1, listed + 8)), /is encrypted/],
    ['an entry whose own header differs', changed(good, (copy) => copy.write('X', 30)), /header of .* is damaged/],
    ['two entries of one name', buildZip([...entries, entries[1]!]), /same name/],
    ['storages compressed', buildZip([entries[0]!, { ...entries[1]!, compressed: true }]), /compressed .*cannot be read in place/],
    ['a pickle that unpacks to more than it says', bomb(), /does not unpack to the size|overlaps|too large/],
    ['no pickle', buildZip([{ name: 'a/b', content: Buffer.from('x') }]), /no data\.pkl/],
    ['two pickles', buildZip([...entries, { name: 'b/data.pkl', content: pickled }]), /2 files of PyTorch/],
    ['big-endian', buildZip([...entries, { name: 'a/byteorder', content: Buffer.from('big') }]), /little-endian/],
    ['a storage that is missing', buildZip(entries.slice(0, 1)), /not in the file/],
    ['a storage of another size', buildZip([entries[0]!, { ...entries[1]!, content: new Uint8Array(20) }]), /another size/],
    ['a tensor that leaves its storage', buildTorchFile([{ ...weight, offset: 1 }]), /leaves its storage/],
    ['strides that leave it', buildTorchFile([{ ...weight, strides: [4, 1] }]), /leaves its storage/],
    [
      'an endless view',
      buildTorchFile([{ ...weight, bytes: new Uint8Array(24), shape: [2 ** 41], strides: [0] }]),
      /more elements than any model/,
    ],
    [
      'a negative size',
      buildTorchFile([{ ...weight, bytes: new Uint8Array(24), shape: [-1, 3], strides: [3, 1] }]),
      /shape, strides or offset/,
    ],
    ['text', Buffer.from('just text, no weights'), /not a PyTorch file, but text/],
    ['another pickle', Buffer.from('\x80\x02}q\x00.', 'latin1'), /not of torch\.save/],
    ['nothing', Buffer.alloc(0), /not a PyTorch file/],
  ];
  for (const [what, file, message] of cases) it(what, async () => assert.match(await messageOf(file), message));

  /** Sizes as in "A better zip bomb": a stream that unpacks to far more than the directory says. */
  function bomb(): Buffer {
    const file = buildZip([{ name: 'a/data.pkl', content: new Uint8Array(50_000_000), compressed: true }, entries[1]!]);
    const first = file.indexOf(Buffer.from(Uint32Array.of(0x02014b50).buffer));
    return changed(file, (copy) => copy.writeUInt32LE(100, first + 24));
  }
});

describe('objects that a file names', () => {
  const call = (module: string, name: string, argument: string): Buffer =>
    Buffer.concat([pickle.global(module, name), pickle.mark, pickle.text(argument), pickle.tuple, pickle.reduce]);

  it('are not called, and are said where they lie among tensors', async () => {
    const root = pickledDict([
      ['w', pickledTensor(weight)],
      ['evil', call('os', 'system', 'false')],
    ]);
    const { tensors, findings } = await open(buildTorchArchive(root, [weight]));
    assert.deepEqual(
      tensors.map(({ name }) => name),
      ['w'],
    );
    assert.match(findings[0]!.message, /no tensors: "evil"/);
  });

  it('are refused by name where tensors are in them', async () => {
    const object = Buffer.concat([pickle.global('evil', 'Wrapper'), pickle.mark, pickledTensor(weight), pickle.tuple, pickle.reduce]);
    const root = pickledDict([
      ['v', pickledTensor(weight)],
      ['w', object],
    ]);
    assert.match(await messageOf(buildTorchArchive(root, [weight])), /"w" is an object of evil\.Wrapper, with tensors in it/);
  });

  it('are refused by name where they stand for a tensor', async () => {
    const rebuilt = Buffer.concat([pickle.global('torch._utils', '_rebuild_of_tomorrow'), pickle.emptyTuple, pickle.reduce]);
    assert.match(
      await messageOf(buildTorchArchive(pickledDict([['w', rebuilt]]), [])),
      /torch\._utils\._rebuild_of_tomorrow, which is not read/,
    );
  });

  it('a whole file of one', async () =>
    assert.match(
      await messageOf(buildTorchArchive(call('os', 'system', 'false'), [])),
      /no model is saved in it\. Found an object of os\.system/,
    ));

  it('tensors that are made of themselves', async () => {
    const looped = Buffer.concat([
      Buffer.from(']q\x05(ctorch._tensor\n_rebuild_from_type_v2\nctorch\nTensor\nh\x05Ne0'),
      Buffer.from('ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._tensor\n_rebuild_from_type_v2\nctorch\nTensor\nh\x05NtR'),
    ]);
    assert.match(await messageOf(buildTorchArchive(pickledDict([['w', looped]]), [])), /made of itself|no tensor/);
  });

  it('dictionaries that share each other forty times over end', async () => {
    const parts = [Buffer.from('}q\x00'), pickle.mark, pickle.text('w'), pickledTensor(weight), pickle.setItems, Buffer.from('0')];
    for (let i = 0; i < 40; i++) {
      const inner = Buffer.from([0x68, i]);
      parts.push(
        Buffer.from([0x7d, 0x71, i + 1]),
        pickle.mark,
        pickle.text('a'),
        inner,
        pickle.text('b'),
        inner,
        pickle.setItems,
        Buffer.from('0'),
      );
    }
    assert.match(
      await messageOf(buildTorchArchive(Buffer.concat([...parts, Buffer.from([0x68, 40])]), [weight])),
      /more tensors than any model has/,
    );
  });
});

describe('which dictionary of a file', () => {
  it('PATH#KEY opens another than the one that is taken', async () => {
    const ema: TorchTensorToWrite = { ...weight, name: 'e' };
    const root = pickledDict([
      ['model', dict],
      ['ema', pickledDict([['e', pickledTensor(ema)]])],
    ]);
    const file = buildTorchArchive(root, [weight, ema]);
    assert.deepEqual(namesOf(await open(file)), ['w']);
    assert.deepEqual(namesOf(await open(file, '#ema')), ['e']);
    const parts = pickledDict([
      ['semantic', dict],
      ['acoustic', pickledDict([['e', pickledTensor(ema)]])],
    ]);
    assert.deepEqual(namesOf(await open(buildTorchArchive(parts, [weight, ema]))), ['semantic.w', 'acoustic.e']);
    await assert.rejects(open(file, '#other'), /holds nothing called other.*Name one of these: model, ema/);
  });
});
