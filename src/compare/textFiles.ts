import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf } from '../checkpoint/index.js';
import type { Model } from '../model/index.js';

/** Files beside the weights that say something about a version and read well in a text diff. */
const names = [
  'config.json',
  'generation_config.json',
  'tokenizer_config.json',
  'tokenizer.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'chat_template.jinja',
  'README.md',
];

/** @returns names of the text files in the checkpoint's folder, in a fixed order. */
export function textFilesBeside(checkpoint: Model): string[] {
  const folder = folderOf(checkpoint);
  return names.filter((name) => existsSync(join(folder, name)));
}
