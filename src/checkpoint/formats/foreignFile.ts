import { FormatError, quoteName } from '../../base/formatError.js';

/** What a file was taken for. */
export interface Expectation {
  /** For people: `safetensors`. */
  readonly format: string;
  readonly content: string;
  /** What to name instead. */
  readonly name: string;
}

/** Files that are met under the names of weights, by their first bytes. */
const foreignFormats: readonly (readonly [magic: string, name: string, remedy: string])[] = [
  ['GGUF', 'a GGUF file', 'Convert it to safetensors, or open the model it was made from.'],
  ['PK', 'a ZIP archive, as PyTorch writes it', 'Name it .bin or .pt to have it read as one, or convert it to safetensors.'],
  ['\x80', 'a Python pickle, as older PyTorch writes it', 'Name it .bin or .pt to have it read as one, or convert it to safetensors.'],
  ['\x89HDF', 'an HDF5 file', 'Convert it to safetensors, or open the model it was made from.'],
  ['\x93NUMPY', 'a NumPy array', 'Convert it to safetensors (safetensors.numpy.save_file).'],
  ['\x1f\x8b', 'a gzip archive', 'Unpack it first.'],
  ['lmgg', 'a file of ggml before GGUF', 'Convert it to GGUF or safetensors, or open the model it was made from.'],
];

/** Why a file is not what it was taken for, when its first bytes say what it is. Only asked where they are not those of the format. */
export function foreignFile(file: string, start: Uint8Array, expected: Expectation): FormatError | null {
  const prefix = start.subarray(0, 8);
  if (isText(prefix)) return textFile(file, prefix, expected);
  const text = Buffer.from(prefix).toString('latin1');
  const format = foreignFormats.find(([magic]) => text.startsWith(magic));
  if (format === undefined) return null;
  const [, name, remedy] = format;
  return new FormatError({ file, problem: `not a ${expected.format} file, but ${name}`, remedy });
}

const gitLfsPointer = 'version ';

/** Read as a length, eight characters of text are over every limit. */
export function isText(prefix: Uint8Array): boolean {
  return /^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(prefix).toString('latin1'));
}

function textFile(file: string, prefix: Uint8Array, { format, content, name }: Expectation): FormatError {
  const start = Buffer.from(prefix).toString('latin1');
  const isPointer = start === gitLfsPointer;
  return new FormatError({
    file,
    problem: `not a ${format} file, but text`,
    expected: content,
    actual: `a file that starts with ${quoteName(start)}`,
    remedy: isPointer
      ? 'This is a Git LFS pointer: fetch the file itself with "git lfs pull".'
      : `Name ${name} or the folder that holds it.`,
  });
}
