import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tensorBytes } from '../../../support/combineFamily.js';
import { writeSafetensors } from '../../../support/safetensorsFile.js';
import { refreshLineage, runRound, type RoundResult, type Strategy } from '../../../../src/recycle/index.js';

const shapes = { 'model.embed_tokens.weight': [4, 3], 'model.layers.0.mlp.weight': [2, 6] } as const;
const elementCount = 12;
const trainer = join(__dirname, 'trainer.mjs');

/** Values of a base: whole numbers, so that sums of a few are exact in float32. */
export function baseValues(release: number): number[] {
  return Array.from({ length: 2 * elementCount }, (_, i) => ((i * 7 + release * 13) % 29) - 14);
}

/** What the trainer adds. */
export const update = Array.from({ length: 2 * elementCount }, (_, i) => (i % 5) + 1);

export function plus(values: readonly number[], other: readonly number[], scale = 1): number[] {
  return values.map((value, i) => value + scale * other[i]!);
}

export async function writeModel(folder: string, values: readonly number[], config: object = { model_type: 'llama' }): Promise<void> {
  const tensors = Object.entries(shapes).map(([name, shape], i) => {
    const bytes = new Uint8Array(Float32Array.from(values.slice(i * elementCount, (i + 1) * elementCount)).buffer);
    return { name, dtype: 'F32', shape, bytes } as const;
  });
  await writeSafetensors(join(folder, 'model.safetensors'), tensors);
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
}

export async function readModel(folder: string): Promise<number[]> {
  const bytes = await tensorBytes(folder);
  return Object.keys(shapes).flatMap((name) => {
    const raw = Uint8Array.from(bytes.get(name)!);
    return [...new Float32Array(raw.buffer)];
  });
}

/** The trainer as a lineage's command. */
export function trainerCommand(mode = 'well'): string[] {
  return [process.execPath, trainer, '{start}', '{out}', mode];
}

interface SeriesOptions {
  readonly strategy?: Strategy;
  readonly tasks?: readonly string[];
  readonly scoring?: object;
  /** Mode of the trainer, or the whole command; null for none. */
  readonly mode?: string;
  readonly command?: readonly string[] | null;
  /** How many releases have their fine-tuned version: the i-th has i updates. */
  readonly finetuned?: number;
}

/** A lineage of that many bases, v1, v2, …, as if written by hand, with its models beside it. @returns the path of its file */
export async function makeSeries(folder: string, count: number, options: SeriesOptions = {}): Promise<string> {
  const path = join(folder, 'series.lineage.json');
  const { mode, finetuned = 0, command: given = trainerCommand(mode), strategy = 'iterative', ...more } = options;
  const releases = Array.from({ length: count }, (_, i) => ({
    name: `v${i + 1}`,
    base: `base-${i + 1}`,
    ...(i < finetuned ? { finetuned: `finetuned-${i + 1}` } : {}),
  }));
  for (const [i, release] of releases.entries()) {
    await writeModel(join(folder, release.base), baseValues(i + 1));
    if (release.finetuned) await writeModel(join(folder, release.finetuned), plus(baseValues(i + 1), update, i + 1));
  }
  const command = given === null ? {} : { command: given };
  await mkdir(folder, { recursive: true });
  await writeFile(path, JSON.stringify({ format: 'model-rebase.lineage', version: 1, strategy, tasks: [], ...more, ...command, releases }));
  await refreshLineage(path);
  return path;
}

export function run(path: string, options: { readonly plain?: boolean; readonly signal?: AbortSignal } = {}): Promise<RoundResult> {
  return runRound(path, { plain: options.plain ?? false, signal: options.signal });
}

/** Rewrites a part of a lineage file, as a hand would. */
export async function edit(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`nothing in ${path} fits ${String(from)}`);
  await writeFile(path, edited);
}
