import { FormatError, quoteName } from '../../../base/formatError.js';
import { plural } from '../../../base/format.js';
import { shortList } from '../../../base/nameList.js';
import type { ByteSource } from '../../byteSource.js';
import type { Finding } from '../../finding.js';
import { recognisedBytes, type FileContents, type FileTensor, type Format, type ReadOptions } from '../format.js';
import { foreignFile } from '../foreignFile.js';
import { placeTensors, readTensors, storagesOf } from './placeTensors.js';
import { archiveSpans, readArchive } from './readArchive.js';
import { legacySpans, readLegacy } from './readLegacy.js';
import { dictFindings } from './dictFindings.js';
import { describeSaved, describeTrainingState, type Saved } from './describeSaved.js';
import type { SavedFile } from './savedFile.js';
import type { TorchTensor } from './torchTensor.js';
import { findStateDict, StateDictRefusal, type StateDict } from './stateDict.js';

/** What `torch.save` writes. Source: `torch/serialization.py` of 2.15. */
export const pytorch: Format = {
  id: 'pytorch',
  name: 'PyTorch',
  suffixes: ['.bin', '.pt', '.pth', '.ckpt'],
  recognises: (start) => isArchive(start) || isLegacy(start),
  read: readTorchFile,
  descriptionSpans: async (source, signal) => ((await isArchiveFile(source)) ? archiveSpans(source, signal) : legacySpans(source, signal)),
};

/** Any pickle of protocol 2 or later; not all of them are PyTorch's. */
const pickleMark = 0x80;

/** An archive begins with the pickle, or with one of the notes beside it, in a folder of any name. */
function isArchive(start: Uint8Array): boolean {
  const text = Buffer.from(start).toString('latin1');
  return text.startsWith('PK\x03\x04');
}

/** The magic number as a pickle of protocol 2 or later, or of protocol 0. */
function isLegacy(start: Uint8Array): boolean {
  const text = Buffer.from(start).toString('latin1');
  return text.includes('\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19', 0) || text.startsWith('L119547037146038801333356L');
}

async function isArchiveFile(source: ByteSource): Promise<boolean> {
  return isArchive(await source.read(0, Math.min(recognisedBytes, source.byteLength)));
}

const expectation = { format: 'PyTorch', content: 'a ZIP archive or a pickle that torch.save wrote', name: 'a file of weights' };

async function readSaved(source: ByteSource, signal?: AbortSignal): Promise<SavedFile> {
  const start = await source.read(0, Math.min(recognisedBytes, source.byteLength), signal);
  if (isArchive(start)) return readArchive(source, signal);
  if (isLegacy(start) || start[0] === pickleMark) return readLegacy(source, signal);
  const { name: file } = source;
  const unknown = { file, problem: 'not a PyTorch file', expected: expectation.content, remedy: 'Name a file of weights.' };
  throw foreignFile(file, start, expectation) ?? new FormatError(unknown);
}

/**
 * Reads what `torch.save` wrote. Nothing that the file names is imported or run.
 * @throws FormatError
 */
async function readTorchFile(source: ByteSource, signal?: AbortSignal, { part = null }: ReadOptions = {}): Promise<FileContents> {
  const { name: file } = source;
  const saved = await readSaved(source, signal);
  const training = part === null ? describeTrainingState(saved.root) : null;
  if (training !== null) throw nothingSaved(file, training);
  const dict = stateDictOf(file, () => findStateDict(saved.root, part));
  if (dict.tensors.size === 0) throw nothingSaved(file, describeSaved(saved.root));
  const tensors = readTensors(file, dict.tensors);
  requireValues(file, tensors);
  const { tensors: stored, views } = placeTensors(file, tensors, await saved.locate(storagesOf(tensors.values())));
  const placed = { tensors: withShared(stored), views };
  return {
    ...placed,
    metadata: {},
    repeatedNames: [],
    findings: [...saved.findings, ...dictFindings(file, dict, file), ...sharedFindings(file, placed.tensors)],
  };
}

/** What a process saves whose weights lie elsewhere: DeepSpeed leaves every tensor empty. @throws FormatError */
function requireValues(file: string, tensors: ReadonlyMap<string, TorchTensor>): void {
  if ([...tensors.values()].some(({ shape }) => !shape.includes(0))) return;
  throw new FormatError({
    file,
    problem: 'all of its tensors are empty: the weights were in parts elsewhere when it was saved, as with ZeRO stage 3',
    actual: plural(tensors.size, 'empty tensor'),
    remedy: 'Put them together with zero_to_fp32.py, which lies beside the checkpoint, and name what it writes.',
  });
}

function stateDictOf(file: string, find: () => StateDict): StateDict {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof StateDictRefusal)) throw error;
    throw new FormatError({ file, problem: error.problem, remedy: error.remedy });
  }
}

function nothingSaved(file: string, { what, remedy }: Saved): FormatError {
  return new FormatError({ file, problem: 'no model is saved in it', actual: what, remedy });
}

/** Which names stand for bytes that an earlier one has: tied weights. */
function withShared(tensors: readonly FileTensor[]): readonly FileTensor[] {
  const first = new Map<string, string>();
  return tensors.map((tensor) => {
    const { name, dtype, shape, start, byteLength } = tensor;
    const place = `${start} ${dtype} ${shape.join()}`;
    const sharedWith = byteLength === 0 ? undefined : first.get(place);
    if (sharedWith === undefined) first.set(place, name);
    return sharedWith === undefined ? tensor : { ...tensor, sharedWith };
  });
}

function sharedFindings(file: string, tensors: readonly FileTensor[]): Finding[] {
  const shared = tensors.filter(({ sharedWith }) => sharedWith !== undefined);
  if (shared.length === 0) return [];
  const pairs = shared.map(({ name, sharedWith }) => `${quoteName(name)} (as ${quoteName(sharedWith!)})`);
  const message = `${plural(shared.length, 'tensor')} with the bytes of another, as tied weights are: ${shortList(pairs)}.`;
  return [{ severity: 'info', code: 'shared-tensors', message, file }];
}
