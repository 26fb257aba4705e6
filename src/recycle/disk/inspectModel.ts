import type { Fingerprint, ModelRole, Release } from '../file/lineage.js';
import { pathFromFile } from '../file/lineageFile.js';
import { modelNames } from '../report/modelNames.js';
import { compareFingerprints, identityOf, readFingerprint } from './fingerprint.js';

/** A checkpoint of a release, as it is now. */
export interface ModelOnDisk {
  readonly role: ModelRole;
  /** Absolute. */
  readonly path: string;
  /** Null when there is no checkpoint that can be read. */
  readonly fingerprint: Fingerprint | null;
  /** Of its weights (`identityOf`); empty without a fingerprint. */
  readonly identity: string;
  /** Why the lineage cannot go on with it, as a sentence; null when it can. */
  readonly problem: string | null;
  readonly remarks: readonly string[];
}

/** The checkpoints of a release that are named, by their role. */
export type ModelsOnDisk = Readonly<Partial<Record<ModelRole, ModelOnDisk>>>;

/** Looks at a checkpoint and compares it with what the lineage knows of it. Reads headers and samples. */
export async function inspectModel(
  file: string,
  release: Release,
  role: ModelRole,
  written: string,
  signal?: AbortSignal,
): Promise<ModelOnDisk> {
  const path = pathFromFile(file, written);
  const found = await readFingerprint(path, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    return error instanceof Error ? error.message : String(error);
  });
  const place = { role, path };
  if (typeof found === 'string')
    return { ...place, fingerprint: null, identity: '', problem: unreadable(release, role, found), remarks: [] };
  const recorded = release.inputs[role];
  const { changes, remarks } = recorded === undefined ? { changes: [], remarks: [] } : compareFingerprints(recorded, found);
  const problem = changes.length === 0 ? null : changed(release, role, path, changes);
  return {
    ...place,
    fingerprint: found,
    identity: identityOf(found),
    problem,
    remarks: remarks.map((remark) => `${nameOf(release, role)}: ${remark}.`),
  };
}

function nameOf(release: Release, role: ModelRole): string {
  return `${release.name}, ${modelNames[role]}`;
}

function unreadable(release: Release, role: ModelRole, reason: string): string {
  return `${nameOf(release, role)}: ${reason}`;
}

function changed(release: Release, role: ModelRole, path: string, changes: readonly string[]): string {
  const remedy = `Restore it, or delete "inputs.${role}" of the release from the lineage to go on with what is there.`;
  return `${nameOf(release, role)}: ${path} is not the checkpoint that the lineage used: ${changes.join('; ')}. ${remedy}`;
}
