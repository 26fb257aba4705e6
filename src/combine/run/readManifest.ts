import { messageOf } from '../../base/errors.js';
import { placeOf } from '../../base/json/check.js';
import { parseJsonBytes } from '../../base/json/parseJsonBytes.js';
import { isRecord } from '../../base/json/record.js';
import { readBytes } from '../../base/readFile.js';
import { reviveTables } from '../../model/recipe/index.js';
import type { Manifest } from './manifest.js';
import { danglingReference, manifestCheck } from './manifestChecks.js';

/** Room for three million tensors. */
const maxManifestBytes = 2 ** 31;

/** A manifest that is missing, damaged or of another version. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** @throws ManifestError naming the file, the field, and what was expected there */
export async function readManifest(path: string): Promise<Manifest> {
  const bytes = await readBytes(path, { maxBytes: maxManifestBytes }).catch((error: unknown) => {
    throw new ManifestError(`${messageOf(error)} Only folders that this tool wrote have a manifest.`, { cause: error });
  });
  return parseManifest(path, bytes);
}

/** @throws ManifestError */
export function parseManifest(path: string, content: string | Uint8Array): Manifest {
  let root: unknown;
  try {
    root = parseJsonBytes(typeof content === 'string' ? Buffer.from(content) : content);
  } catch {
    throw new ManifestError(`${path}: not valid JSON. Restore the file, or make the output again.`);
  }
  reviveNorms(root);
  reviveRecipes(root);
  const fault = manifestCheck(root);
  if (fault !== null) throw damaged(path, placeOf(fault, 'the manifest'), fault.expected);
  const manifest = root as Manifest;
  const dangling = danglingReference(manifest);
  if (dangling !== null) throw damaged(path, `tensor "${dangling.tensor}"`, dangling.expected);
  return manifest;
}

function damaged(path: string, place: string, expected: string): ManifestError {
  const remedy = 'The manifest is damaged or of another version: restore it, or make the output again.';
  return new ManifestError(`${path}: ${place} is not ${expected}. ${remedy}`);
}

/** Infinite norms are written as texts, and a tensor may be called "Infinity". */
function reviveNorms(root: unknown): void {
  const rounding = isRecord(root) ? root['rounding'] : undefined;
  if (!isRecord(rounding)) return;
  const layers: readonly unknown[] = Array.isArray(rounding['layers']) ? rounding['layers'] : [];
  for (const sums of [rounding['total'], ...layers]) {
    if (!isRecord(sums)) continue;
    for (const norm of ['normLost', 'normDelta']) if (sums[norm] === 'Infinity') sums[norm] = Infinity;
  }
}

function reviveRecipes(root: unknown): void {
  const tensors: unknown = isRecord(root) ? root['tensors'] : [];
  for (const tensor of Array.isArray(tensors) ? (tensors as unknown[]) : []) {
    const sources: unknown = isRecord(tensor) ? tensor['sources'] : [];
    for (const source of Array.isArray(sources) ? (sources as unknown[]) : []) if (isRecord(source)) reviveTables(source['recipe']);
  }
}
