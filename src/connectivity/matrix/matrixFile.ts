import { resolve } from 'node:path';
import { isRecord, parseJsonText } from '../../base/json/record.js';
import { addressInFile, titleOf } from '../../checkpoint/index.js';
import type { RequestedInput } from '../../combine/index.js';
import type { MatrixVersion } from '../report/index.js';

/** What a matrix file asks for, with absolute paths. */
export interface MatrixFile {
  readonly tasks: readonly string[];
  readonly versions: readonly MatrixVersion[];
  readonly inputs: readonly RequestedInput[];
}

const example = '{ "tasks": ["text.txt"], "versions": [{ "name": "v1", "base": "base-1", "finetuned": "finetuned-1" }, …] }';

/**
 * Reads a matrix file: tasks, which may be left out, and versions, each with a base and, where it exists, its fine-tune.
 * @param path of the file, for messages
 * @param folder that its relative paths start from
 * @throws Error naming the field, what was expected and what was found
 */
export function parseMatrixFile(text: string, path: string, folder: string): MatrixFile {
  const root = parse(text, path);
  if (!isRecord(root)) throw fault(path, 'the file', 'an object', root);
  rejectUnknown(path, 'the file', root, ['tasks', 'versions']);
  const tasks = list(path, 'tasks', root['tasks'] ?? [], 0).map((task, i) => resolve(folder, name(path, `tasks[${i}]`, task)));
  const versions = list(path, 'versions', root['versions'], 2).map((version, i) => readVersion(path, `versions[${i}]`, version));
  const twice = versions.find((version, i) => versions.findIndex((other) => other.name === version.name) < i);
  if (twice !== undefined) throw new Error(`${path}: two versions have the name "${twice.name}". Give each its own.`);
  return { tasks, ...withRoles(versions, folder) };
}

interface WrittenVersion {
  readonly name: string;
  readonly base: string;
  readonly finetuned: string | null;
}

function readVersion(path: string, field: string, value: unknown): WrittenVersion {
  if (!isRecord(value)) throw fault(path, field, 'an object', value);
  rejectUnknown(path, field, value, ['name', 'base', 'finetuned']);
  const base = name(path, `${field}.base`, value['base']);
  return {
    name: value['name'] === undefined ? titleOf(base) : name(path, `${field}.name`, value['name']),
    base,
    finetuned: value['finetuned'] == null ? null : name(path, `${field}.finetuned`, value['finetuned']),
  };
}

/** One role for each model, also where several versions share it: its version's name and part. */
function withRoles(written: readonly WrittenVersion[], folder: string): Pick<MatrixFile, 'versions' | 'inputs'> {
  const inputs: RequestedInput[] = [];
  const roleOf = (path: string, role: string): string => {
    const known = inputs.find((input) => input.path === path);
    if (known === undefined) inputs.push({ role, path, expect: 'checkpoint' });
    return known?.role ?? role;
  };
  const versions = written.map(({ name, base, finetuned }) => ({
    name,
    base: roleOf(addressInFile(base, folder), `${name} base`),
    finetuned: finetuned === null ? null : roleOf(addressInFile(finetuned, folder), `${name} fine-tuned`),
  }));
  return { versions, inputs };
}

function parse(text: string, path: string): unknown {
  try {
    return parseJsonText(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} is not valid JSON (${reason}). A matrix file looks like ${example}.`, { cause: error });
  }
}

function list(path: string, field: string, value: unknown, fewest: number): readonly unknown[] {
  const expected = fewest === 0 ? 'a list' : `a list of at least ${fewest}`;
  if (!Array.isArray(value) || value.length < fewest) throw fault(path, `"${field}"`, expected, value);
  return value;
}

function name(path: string, field: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw fault(path, field, 'text that is not empty', value);
  return value;
}

/** A misspelt field would otherwise be silently left out. */
function rejectUnknown(path: string, field: string, value: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new Error(`${path}: ${field} has "${unknown}", which is none of ${known.join(', ')}.`);
}

function fault(path: string, field: string, expected: string, found: unknown): Error {
  const text = found === undefined ? 'nothing' : JSON.stringify(found);
  const shown = text.length <= 60 ? text : `${text.slice(0, 60)}…`;
  return new Error(`${path}: ${field} has to be ${expected}, but it is ${shown}. A matrix file looks like ${example}.`);
}
