import { createHash } from 'node:crypto';
import { jsonPieces } from '../../base/json/jsonPieces.js';
import type { CombinePlan, PlanInput } from '../plan.js';

/** What tells a plan from another: equal identities write equal bytes. */
export interface PlanIdentity {
  readonly inputs: readonly PlanInput[];
  /** SHA-256 of everything else that the output depends on, hexadecimal. */
  readonly digest: string;
}

const known = new WeakMap<CombinePlan, PlanIdentity>();

/** Free disk, memory and findings are not part of it: they describe the machine and the moment. Computed once for a plan. */
export function identifyPlan(plan: CombinePlan): PlanIdentity {
  const identity = known.get(plan) ?? computeIdentity(plan);
  known.set(plan, identity);
  return identity;
}

function computeIdentity({ formula, combination, inputs, tensors, shards, files }: CombinePlan): PlanIdentity {
  const headers = shards.map(({ file, header }) => ({ file, header: sha256(header) }));
  const digest = createHash('sha256');
  for (const piece of jsonPieces({ formula, combination, tensors, headers, files })) digest.update(piece);
  return { inputs, digest: digest.digest('hex') };
}

function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** @returns why output made under `before` cannot be continued under `now`; null when it can. */
export function whyNotSamePlan(before: PlanIdentity, now: PlanIdentity): string | null {
  const beforeShards = new Map(before.inputs.flatMap(({ role, shards }) => shards.map((shard) => [`${role}\n${shard.path}`, shard])));
  for (const { role, shards } of now.inputs) {
    for (const shard of shards) {
      const old = beforeShards.get(`${role}\n${shard.path}`);
      if (old === undefined) return `${role} is ${shard.path} now, which was no input before`;
      if (old.headerSha256 !== shard.headerSha256) return `${role} (${shard.path}) has another header now`;
      if (old.byteLength !== shard.byteLength) return `${role} (${shard.path}) had ${old.byteLength} bytes and has ${shard.byteLength} now`;
      if (old.modifiedAt !== shard.modifiedAt)
        return `${role} (${shard.path}) was modified ${time(old.modifiedAt)} and again ${time(shard.modifiedAt)}`;
    }
  }
  return before.digest === now.digest ? null : 'what is asked for now is another combination, scale, dtype or layout';
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
