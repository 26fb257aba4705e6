import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Copies a checkpoint and gives it a tokenizer that comes to no end for `endlessText`: its pre-tokenizer's expression takes a
 * time exponential in the number of `a`.
 */
export async function copyWithEndlessTokenizer(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  const file = join(to, 'tokenizer.json');
  const root = JSON.parse(await readFile(file, 'utf8')) as object;
  const split = { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Isolated', invert: false };
  await writeFile(file, JSON.stringify({ ...root, pre_tokenizer: split }));
}

export const endlessText = `${'a'.repeat(60)}!\n`;
