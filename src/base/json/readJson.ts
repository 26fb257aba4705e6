import { isUtf8 } from 'node:buffer';
import { messageOf } from '../errors.js';
import { FormatError } from '../formatError.js';
import { readBytes, readBytesIfPresent, type ReadOptions } from '../readFile.js';
import { parsePythonJson } from './pythonJson.js';
import { isRecord } from './record.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a JSON file holds. @throws FileAccessError, or FormatError as `parseJsonObject` */
export async function readJsonObject(path: string, options?: ReadOptions): Promise<JsonObject> {
  return parseJsonObject(path, await readBytes(path, options));
}

/** As `readJsonObject`; null where there is nothing of that name. */
export async function readJsonObjectIfPresent(path: string, options?: ReadOptions): Promise<JsonObject | null> {
  const bytes = await readBytesIfPresent(path, options);
  return bytes === null ? null : parseJsonObject(path, bytes);
}

/** The object that a file's bytes hold. @throws FormatError when they are not UTF-8, no JSON, or the JSON of something else */
export function parseJsonObject(file: string, bytes: Uint8Array): JsonObject {
  const root = parseBytes(file, bytes);
  if (isRecord(root)) return root;
  throw damaged(file, 'it is not a JSON object');
}

/** The value that a file's bytes hold. @throws FormatError when they are not UTF-8 or no JSON */
function parseBytes(file: string, bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (text.startsWith('version https://git-lfs.'))
    throw damaged(file, 'it is a Git LFS pointer, not the file itself', 'Run git lfs pull in its folder.');
  if (!isUtf8(bytes)) throw damaged(file, 'it is not UTF-8 text', 'Save it in the encoding UTF-8, or download it again.');
  try {
    return parsePythonJson(text);
  } catch (error) {
    throw damaged(file, bytes.byteLength === 0 ? 'it is empty' : `it is not JSON (${messageOf(error)})`);
  }
}

function damaged(file: string, problem: string, remedy = 'Download or save it again, or correct it.'): FormatError {
  return new FormatError({ file, problem, remedy });
}
