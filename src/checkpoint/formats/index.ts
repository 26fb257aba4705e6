import type { ByteSource } from '../byteSource.js';
import { recognisedBytes, type FileContents, type Format, type FormatId, type ReadOptions, type Span } from './format.js';
import { distributed } from './distributed/index.js';
import { gguf } from './gguf/index.js';
import { numpy } from './numpy/index.js';
import { pytorch } from './pytorch/index.js';
import { safetensors } from './safetensors/index.js';

/** The formats that are read. Where the name of a file decides nothing, the first that recognises its bytes is taken. */
export const formats: readonly Format[] = [safetensors, pytorch, numpy, gguf];

/** What people call a format. */
export function formatName(id: FormatId): string {
  return [...formats, distributed].find((format) => format.id === id)!.name;
}

/** How names of files of weights end. */
export const weightsSuffixes: readonly string[] = formats.flatMap(({ suffixes }) => suffixes);

export { blockTypes, isBlockType, readGgufArray, type BlockFacts, type BlockType } from './gguf/index.js';
export { openDistributed } from './distributed/index.js';
export type { BlockCoding, FileContents, FileTensor, FileView, Format, FormatId, ReadOptions, Span } from './format.js';
export { parseSafetensorsHeader, readHeader, type HeaderInput, type SafetensorsHeader } from './safetensors/index.js';

/** What a file holds, from its headers alone, and its format. @throws FormatError, FileAccessError */
export async function readContents(
  source: ByteSource,
  signal?: AbortSignal,
  options?: ReadOptions,
): Promise<{ format: FormatId; contents: FileContents }> {
  const format = await formatOf(source, signal);
  return { format: format.id, contents: await format.read(source, signal, options) };
}

/** Whether a file begins as one of the formats does. @throws FileAccessError */
export async function recognise(source: ByteSource): Promise<boolean> {
  const start = await source.read(0, Math.min(recognisedBytes, source.byteLength));
  return formats.some((format) => format.recognises(start));
}

/** The bytes of a file that say what it holds. @throws FormatError, FileAccessError */
export async function descriptionSpans(source: ByteSource, signal?: AbortSignal): Promise<readonly Span[]> {
  return (await formatOf(source, signal)).descriptionSpans(source, signal);
}

/**
 * The format of a file: of what is called `.safetensors` always that one, as every loader takes it, and so of the files of a
 * distributed checkpoint; else the one that both name and
 * first bytes say; else by the first bytes, since endings such as `.bin` say little; else by its name, so that the format's own reader
 * says what is wrong.
 */
async function formatOf(source: ByteSource, signal?: AbortSignal): Promise<Format> {
  const named = [...formats, distributed].find(({ suffixes }) => suffixes.some((suffix) => source.name.endsWith(suffix)));
  if (named === safetensors || named === distributed) return named;
  const start = await source.read(0, Math.min(recognisedBytes, source.byteLength), signal);
  if (named?.recognises(start) === true) return named;
  return formats.find((format) => format.recognises(start)) ?? named ?? safetensors;
}
