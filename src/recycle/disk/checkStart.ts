import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatCombination, manifestName, readManifest, transfer, type Manifest } from '../../combine/index.js';
import { differenceOfInput } from '../../combine/run/inputFiles.js';
import type { DeltaInUse } from '../file/lineage.js';

/** `target + 1.0·(finetuned − base)`, in the roles of every start's manifest. */
export const startCombination = transfer('target', 'finetuned', 'base');

/** Paths of the checkpoints that a start is made of. */
export interface StartModels {
  readonly target: string;
  readonly finetuned: string;
  readonly base: string;
}

/**
 * Why a written start is not that of its round, as a clause; null when it is. Its manifest and the lengths of its files
 * are looked at, not its weights: `verify` recomputes their hashes.
 */
export async function whyNotStart(folder: string): Promise<string | null> {
  const manifest = await readManifest(join(folder, manifestName)).catch((error: unknown) => String(error));
  if (typeof manifest === 'string') return `its manifest cannot be read (${manifest})`;
  const expected = formatCombination(startCombination);
  if (formatCombination(manifest.combination) !== expected) return `it is ${manifest.formula} instead of ${expected}`;
  return lengthProblem(folder, manifest);
}

async function lengthProblem(folder: string, { shards }: Manifest): Promise<string | null> {
  for (const { file, headerByteLength, dataByteLength } of shards) {
    const stats = await stat(join(folder, file)).catch(() => null);
    if (stats === null) return `${file} is missing`;
    if (stats.size !== headerByteLength + dataByteLength)
      return `${file} has ${stats.size} bytes instead of ${headerByteLength + dataByteLength}`;
  }
  return null;
}

/** Whether a start that the lineage does not know of, as after a crash, was computed from these models as they are now. */
export async function wasMadeOf(folder: string, models: StartModels): Promise<boolean> {
  const { inputs } = await readManifest(join(folder, manifestName));
  for (const { role, path, shards } of inputs) {
    if (path !== models[role as keyof StartModels]) return false;
    for (const shard of shards) if ((await differenceOfInput(shard)) !== null) return false;
  }
  return true;
}

/** Which models a start was made of that are others now, as a clause; null when all are the same. */
export function staleness({ madeOf, release, of }: DeltaInUse, now: DeltaInUse['madeOf']): string | null {
  const names: Record<keyof StartModels, string> = {
    target: 'the base of this release',
    finetuned: `the ${of === 'plain' ? 'plain fine-tune' : 'fine-tuned version'} of "${release}"`,
    base: `the base of "${release}"`,
  };
  const changed = (['target', 'finetuned', 'base'] as const).filter((role) => madeOf[role] !== now[role]);
  return changed.length === 0 ? null : `it was made of ${changed.map((role) => names[role]).join(' and ')} as it was before`;
}
