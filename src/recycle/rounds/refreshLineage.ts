import { isDeepStrictEqual } from 'node:util';
import { inspectLineage, type ReleaseOnDisk } from '../disk/inspectLineage.js';
import type { LookOptions } from '../disk/inspectModel.js';
import { modelRoles, type Fingerprint, type ModelRole, type Release } from '../file/lineage.js';
import { changeReleases, readLineage, type LineageFile, type ReleaseChange } from '../file/lineageFile.js';

/** A lineage together with what is there of it. */
export interface LineageOnDisk {
  readonly file: LineageFile;
  /** In the file's order. */
  readonly releases: readonly ReleaseOnDisk[];
}

/** @throws as `readLineage` */
export async function openLineage(path: string, options: LookOptions = {}): Promise<LineageOnDisk> {
  const file = await readLineage(path);
  return { file, releases: await inspectLineage(file, options) };
}

/**
 * The same, after bringing the file up to what is on the disk: states, checkpoints that a killed run left, and what
 * checkpoints look like that nobody has looked at before.
 */
export async function refreshLineage(path: string, signal?: AbortSignal): Promise<LineageOnDisk> {
  const { file, releases } = await openLineage(path, { signal });
  const changes = Object.fromEntries(releases.map((onDisk, i) => [onDisk.release.name, changeOf(file.lineage.releases[i]!, onDisk)]));
  const refreshed = await changeReleases(file, changes);
  const withFacts = releases.map((onDisk, i) => ({ ...onDisk, release: refreshed.lineage.releases[i]! }));
  return { file: refreshed, releases: withFacts };
}

/** What the file does not say, or says wrongly. Fields that are right stay untouched. */
function changeOf(written: Release, { release, state, models }: ReleaseOnDisk): ReleaseChange {
  const fields = { state, finetuned: release.finetuned, plain: release.plain, start: release.start, delta: release.delta };
  const inputs = withNewFingerprints(written.inputs, models);
  const all: ReleaseChange = { ...fields, ...(Object.keys(inputs).length === 0 ? {} : { inputs }) };
  const differing = Object.entries(all).filter(([field, value]) => !isDeepStrictEqual(written[field as keyof Release], value));
  return Object.fromEntries(differing);
}

function withNewFingerprints(recorded: Release['inputs'], models: ReleaseOnDisk['models']): Partial<Record<ModelRole, Fingerprint>> {
  const kept = modelRoles.filter((role) => role !== 'start' || models.start !== undefined);
  return Object.fromEntries(
    kept.flatMap((role) => {
      const fingerprint = recorded[role] ?? models[role]?.fingerprint ?? null;
      return fingerprint === null ? [] : [[role, fingerprint]];
    }),
  );
}

/** What the file says of its releases that is not so, as sentences. */
export function disagreements({ file, releases }: LineageOnDisk): string[] {
  return releases.flatMap(({ release, state }, i) => {
    const written = file.lineage.releases[i]!;
    const roles = (['start', 'finetuned', 'plain'] as const).filter((role) => written[role] === null && release[role] !== null);
    return [
      ...(written.state === null || written.state === state
        ? []
        : [`${release.name}: the file says "${written.state}", the disk says "${state}".`]),
      ...roles.map((role) => `${release.name}: the file does not name its ${role} at ${String(release[role])}.`),
    ];
  });
}
