import type { NextReport } from '../report/status.js';
import { nextRound } from '../rounds/nextRound.js';
import { planStart, recycledRound } from '../rounds/prepareStart.js';
import { openLineage } from '../rounds/refreshLineage.js';
import { requireSound } from '../rounds/runRound.js';
import { statusOf } from '../rounds/statusOf.js';
import { advise } from './advise.js';
import { gatherEvidence, type EvidenceOptions } from './gatherEvidence.js';

/**
 * What the next round is, what writing its start takes, and what speaks for it. Writes nothing.
 * @throws RoundError when a model of the round is missing or changed; as `gatherEvidence`
 */
export async function reportNext(path: string, options: EvidenceOptions): Promise<NextReport> {
  const lineage = await openLineage(path, options.context);
  const status = statusOf(lineage);
  const releases = lineage.releases.map(({ release }) => release);
  const next = nextRound({ ...lineage.file.lineage, releases });
  if (next.kind === 'complete') return { status, plan: null, evidence: null, advice: null };
  requireSound(lineage, next.round);
  const recycled = recycledRound(lineage, next.round);
  if (recycled === null) return { status, plan: null, evidence: null, advice: null };
  const evidence = await gatherEvidence(lineage, recycled, options);
  const isWritten = recycled.onDisk.models.start !== undefined;
  const plan = isWritten ? null : await planStart(path, recycled, { signal: options.context.signal });
  return { status, plan, evidence, advice: advise(evidence) };
}
