import { messageOf } from '../../base/errors.js';
import { maxTextBytes, readText } from '../../base/readFile.js';
import { isDtype } from '../../checkpoint/index.js';
import type { Manifest } from './manifest.js';
import { hashRule } from './treeHash.js';

/** A manifest that is missing, damaged or of another version. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** @throws ManifestError naming the file, the field, and what was expected there */
export async function readManifest(path: string): Promise<Manifest> {
  const text = await readText(path, { maxBytes: maxTextBytes }).catch((error: unknown) => {
    throw new ManifestError(`${messageOf(error)} Only folders that this tool wrote have a manifest.`, { cause: error });
  });
  return parseManifest(path, text);
}

/** @throws ManifestError */
export function parseManifest(path: string, text: string): Manifest {
  let root: unknown;
  try {
    root = JSON.parse(text, (_, value: unknown) => (value === 'Infinity' ? Infinity : value));
  } catch {
    throw new ManifestError(`${path}: not valid JSON. Restore the file, or make the output again.`);
  }
  new ManifestCheck(path).root(root);
  return root as Manifest;
}

type Check = (value: unknown, place: string) => void;

/** Checks every field that the tool relies on when it reads files and computes. */
class ManifestCheck {
  constructor(private readonly path: string) {}

  root(root: unknown): void {
    this.#fields(root, 'the manifest', {
      format: this.#only('model-rebase'),
      version: this.#only(1),
      formula: this.#text,
      hashRule: this.#only(hashRule),
      combination: (value, place) => this.#fields(value, place, { steps: this.#list(this.#step) }),
      request: (value, place) => this.#fields(value, place, { scales: this.#list(this.#scale) }),
      inputs: this.#list(this.#input),
      planDigest: this.#text,
      rounding: (value, place) => this.#fields(value, place, { total: this.#rounding, layers: this.#list(this.#rounding) }),
      shards: this.#list(this.#shard),
      rowMaps: this.#list(this.#list(this.#rowRun)),
      tensors: this.#list(this.#tensor),
      files: this.#list((value, place) => this.#fields(value, place, { name: this.#fileName, byteLength: this.#count, hash: this.#hash })),
    });
    this.#references(root as Manifest);
  }

  /** What points at a place in another list has to find one. */
  #references({ tensors, shards, inputs, rowMaps, combination }: Manifest): void {
    for (const { name, shard, rows, sources, scales, offset, byteLength } of tensors) {
      const place = `tensor "${name}"`;
      const file = shards[shard];
      if (file === undefined || offset + byteLength > file.dataByteLength) this.#refuse(place, 'a place in one of the weights files');
      if (rows !== null && rowMaps[rows] === undefined) this.#refuse(place, 'one of the row maps');
      if (scales.length !== combination.steps.length) this.#refuse(place, 'a scale for each step');
      const isSources =
        sources.length === inputs.length && sources.every((source, i) => source === null || inputs[i]!.shards[source.shard] !== undefined);
      if (!isSources) this.#refuse(place, 'a source for each input');
    }
  }

  readonly #step: Check = (value, place) =>
    this.#fields(value, place, { scale: this.#number, plus: this.#text, minus: this.#orNull(this.#text) });

  readonly #scale: Check = (value, place) => this.#fields(value, place, { pattern: this.#orNull(this.#text), scale: this.#number });

  readonly #input: Check = (value, place) =>
    this.#fields(value, place, {
      role: this.#text,
      path: this.#text,
      shards: this.#list((shard, at) =>
        this.#fields(shard, at, {
          path: this.#text,
          byteLength: this.#count,
          modifiedAt: this.#number,
          headerSha256: this.#text,
          sha256: this.#orNull(this.#text),
        }),
      ),
    });

  readonly #rounding: Check = (value, place) =>
    this.#fields(value, place, {
      changedCount: this.#count,
      unmovedCount: this.#count,
      normLost: this.#number,
      normDelta: this.#number,
      nonFiniteCount: this.#count,
      overflowCount: this.#count,
    });

  readonly #shard: Check = (value, place) =>
    this.#fields(value, place, { file: this.#fileName, headerByteLength: this.#count, dataByteLength: this.#count, hash: this.#hash });

  readonly #rowRun: Check = (value, place) =>
    this.#fields(value, place, { count: this.#count, copied: this.#boolean, sources: this.#list(this.#orNull(this.#count)) });

  readonly #tensor: Check = (value, place) =>
    this.#fields(value, place, {
      name: this.#text,
      dtype: this.#dtype,
      shape: this.#list(this.#count),
      action: this.#oneOf(['combined', 'copied', 'grown', 'skipped']),
      scales: this.#list(this.#number),
      sources: this.#list(this.#orNull(this.#source)),
      rows: this.#orNull(this.#count),
      shard: this.#count,
      offset: this.#count,
      byteLength: this.#count,
      hash: this.#hash,
    });

  readonly #source: Check = (value, place) =>
    this.#fields(value, place, {
      name: this.#text,
      dtype: this.#dtype,
      shape: this.#list(this.#count),
      shard: this.#count,
      start: this.#count,
      byteLength: this.#count,
    });

  readonly #text: Check = (value, place) => this.#require(typeof value === 'string', place, 'a text');
  readonly #number: Check = (value, place) => this.#require(typeof value === 'number', place, 'a number');
  readonly #boolean: Check = (value, place) => this.#require(typeof value === 'boolean', place, 'true or false');
  readonly #count: Check = (value, place) =>
    this.#require(Number.isSafeInteger(value) && Number(value) >= 0, place, 'a whole number from 0');
  readonly #dtype: Check = (value, place) => this.#require(typeof value === 'string' && isDtype(value), place, 'a dtype');
  readonly #hash: Check = (value, place) =>
    this.#require(typeof value === 'string' && /^[0-9a-f]{32}$/.test(value), place, '32 hexadecimal digits');
  readonly #fileName: Check = (value, place) =>
    this.#require(typeof value === 'string' && /^(?!\.\.?$)[^/\\]+$/.test(value), place, 'a plain file name');

  #only(expected: string | number): Check {
    return (value, place) => this.#require(value === expected, place, JSON.stringify(expected));
  }

  #oneOf(expected: readonly string[]): Check {
    return (value, place) => this.#require(expected.includes(value as string), place, expected.join(', '));
  }

  #orNull(check: Check): Check {
    return (value, place) => (value === null ? undefined : check(value, place));
  }

  #list(check: Check): Check {
    return (value, place) => {
      if (!Array.isArray(value)) this.#refuse(place, 'a list');
      for (const [i, item] of value.entries()) check(item, `${place}[${i}]`);
    };
  }

  #fields(value: unknown, place: string, checks: Readonly<Record<string, Check>>): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#refuse(place, 'an object');
    for (const [name, check] of Object.entries(checks)) check((value as Record<string, unknown>)[name], `"${name}" of ${place}`);
  }

  #require(isRight: boolean, place: string, expected: string): void {
    if (!isRight) this.#refuse(place, expected);
  }

  #refuse(place: string, expected: string): never {
    throw new ManifestError(
      `${this.path}: ${place} is not ${expected}. The manifest is damaged or of another version: restore it, or make the output again.`,
    );
  }
}
