import { isUtf8 } from 'node:buffer';
import { FormatError } from '../../base/formatError.js';
import { maxTextBytes, readBytes } from '../../base/readFile.js';

/**
 * Text of a task's file, without a byte order mark.
 * @throws FileAccessError, or FormatError when the file is empty or not UTF-8
 */
export async function readTaskText(file: string): Promise<string> {
  const bytes = await readBytes(file, { maxBytes: maxTextBytes });
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) {
    const fault = { file, problem: 'it is not UTF-8 text', offset: invalidOffset(bytes, text) };
    throw new FormatError({ ...fault, remedy: 'Save it in the encoding UTF-8.' });
  }
  const content = text.replace(/^\uFEFF/, '');
  if (content === '') throw new FormatError({ file, problem: 'it is empty', remedy: 'Give a file with text to score.' });
  return content;
}

/** The byte at which decoding puts the first U+FFFD that is not in the file. */
function invalidOffset(bytes: Buffer, text: string): number {
  const replacement = Buffer.from('\uFFFD');
  let offset = 0;
  for (let start = 0, found = text.indexOf('\uFFFD'); found >= 0; start = found + 1, found = text.indexOf('\uFFFD', start)) {
    offset += Buffer.byteLength(text.slice(start, found));
    if (!bytes.subarray(offset, offset + replacement.byteLength).equals(replacement)) break;
    offset += replacement.byteLength;
  }
  return offset;
}
