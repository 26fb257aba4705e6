import { isAllowed, refusal, type AllowedFolders } from '../../base/allowedFolders.js';
import { messageOf } from '../../base/errors.js';
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

export interface LookOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where checkpoints may lie that the file names; anywhere when left out. Others are not touched. */
  readonly allowedFolders?: AllowedFolders | undefined;
}

/** Looks at a checkpoint and compares it with what the lineage knows of it. Reads headers and samples. */
export async function inspectModel(
  file: string,
  release: Release,
  role: ModelRole,
  written: string,
  { signal, allowedFolders = null }: LookOptions,
): Promise<ModelOnDisk> {
  const path = pathFromFile(file, written);
  const found = isAllowed(allowedFolders, path) ? await fingerprintOf(path, signal) : refusal(path, file);
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

/** @returns why there is none, as a sentence, where it cannot be read */
function fingerprintOf(path: string, signal: AbortSignal | undefined): Promise<Fingerprint | string> {
  return readFingerprint(path, signal).catch((error: unknown) => {
    signal?.throwIfAborted();
    return messageOf(error);
  });
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
