import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FileAccessError, FormatError } from '../base/formatError.js';
import { parseJsonObject } from '../base/json/readJson.js';
import type { CompanionReader, Finding } from '../checkpoint/index.js';
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
  const { folder } = checkpoint;
  return names.filter((name) => isFile(join(folder, name)));
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Files beside the weights that are there and cannot be read or are no JSON: a comparison goes on without them, and says
 * so. `config.json` is left out, since opening a model says it.
 */
export async function unreadableCompanions(a: Model, b: Model, companions: CompanionReader): Promise<Finding[]> {
  const pathsOf = (name: string) => new Set([a, b].map(({ folder }) => join(folder, name)));
  const findings = names.slice(1).map((name) => unreadableIn(pathsOf(name), companions));
  return (await Promise.all(findings)).flat();
}

/** Equal bytes on both sides are the same to any reader, and tokenizers, which versions often share, are slow to parse. */
async function unreadableIn(paths: ReadonlySet<string>, companions: CompanionReader): Promise<Finding[]> {
  const findings: Finding[] = [];
  const read = new Map<string, Buffer>();
  for (const path of paths) {
    const bytes = await companions.bytes(path).catch((error: unknown) => void findings.push(describe(path, error)));
    if (bytes) read.set(path, bytes);
  }
  const [first, second] = read.values();
  if (first !== undefined && second?.equals(first) === true) return findings;
  const json = [...read].filter(([path]) => path.endsWith('.json'));
  return [...findings, ...json.flatMap(([path, bytes]) => malformedIn(path, bytes))];
}

function malformedIn(path: string, bytes: Buffer): Finding[] {
  try {
    parseJsonObject(path, bytes);
    return [];
  } catch (error) {
    return [describe(path, error)];
  }
}

function describe(file: string, error: unknown): Finding {
  if (!(error instanceof FormatError || error instanceof FileAccessError)) throw error;
  return { severity: 'warning', code: 'companion-unreadable', message: `${error.message} The weights are compared without it.`, file };
}
