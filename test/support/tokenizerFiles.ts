import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Random sets of tokenizer files and what transformers makes of them (`scripts/goldens/tokenizer_files_goldens.py`). */
export interface GoldenFiles {
  /** SentencePiece models, base64. */
  readonly pieces: readonly string[];
  readonly cases: readonly GoldenCase[];
}

export interface GoldenCase {
  /** Content by name: text, JSON, or the index of a SentencePiece model. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly vocabulary: readonly (readonly [string, number])[];
  readonly lead: readonly number[];
  readonly template: string | null | false;
  readonly stop: number | readonly number[] | null;
}

export function readGoldenFiles(): GoldenFiles {
  return JSON.parse(gunzipSync(readFileSync('test/goldens/tokenizer-files.json.gz')).toString()) as GoldenFiles;
}

/** Writes a case's files into a folder. */
export async function writeGoldenCase(folder: string, { pieces }: GoldenFiles, { files }: GoldenCase): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    const model = (content as { base64?: number }).base64;
    if (typeof content === 'string') await writeFile(path, content);
    else await writeFile(path, model === undefined ? JSON.stringify(content) : Buffer.from(pieces[model]!, 'base64'));
  }
}
