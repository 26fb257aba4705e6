import { jsonLines } from '../../base/json/jsonPieces.js';
import type { Dtype } from '../../checkpoint/index.js';
import type { Combination } from '../combination.js';
import type {
  CombineKind,
  CombinePlan,
  DecodedWeights,
  PlanInput,
  PlanInputShard,
  PlannedSource,
  PlannedTensor,
  TensorAction,
  VocabularyPlan,
} from '../plan.js';
import type { CombineRequest } from '../request.js';
import { identifyPlan } from './planIdentity.js';
import type { RoundingByLayer } from './rounding.js';
import { toolVersion } from '../../base/toolVersion.js';
import { tablesForJson } from '../../model/recipe/index.js';
import { hashRule, type TreeHashes } from './treeHash.js';
import type { RowRun } from '../../model/vocabulary/index.js';

export interface ManifestInputShard extends PlanInputShard {
  /** SHA-256 of the whole file, the Hub's LFS id; null when it was not asked for. */
  readonly sha256: string | null;
}

export interface ManifestInput extends Omit<PlanInput, 'shards'> {
  readonly shards: readonly ManifestInputShard[];
}

/** A file of weights. */
export interface ManifestShard {
  readonly file: string;
  /** Everything before the data section. */
  readonly headerByteLength: number;
  readonly dataByteLength: number;
  /** See `treeHashes`. */
  readonly hash: string;
}

export interface ManifestTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly action: TensorAction;
  readonly reason: string;
  /** Scale of each step of the combination. */
  readonly scales: readonly number[];
  /** Where the values lay in each input. */
  readonly sources: readonly (PlannedSource | null)[];
  /** Index into `rowMaps`; null where rows correspond by index. */
  readonly rows: number | null;
  readonly shard: number;
  readonly offset: number;
  readonly byteLength: number;
  /** See `treeHashes`. */
  readonly hash: string;
}

/** A file beside the weights. */
export interface ManifestFile {
  readonly name: string;
  readonly byteLength: number;
  /** XXH3-128 of the whole file, hexadecimal. */
  readonly hash: string;
  readonly reason: string;
}

/**
 * `model-rebase.json`, written beside the weights: what they are made of, how, and what they have to be. Enough to
 * recompute them (`verify`, deep) without the program that asked for them. Norms that are infinite are
 * `"Infinity"`, tables of recipes have `"-0"` and the like.
 */
export interface Manifest {
  readonly format: 'model-rebase';
  readonly version: 1;
  readonly toolVersion: string;
  readonly kind: CombineKind;
  readonly formula: string;
  readonly combination: Combination;
  readonly template: string;
  /** What was asked for, in the planner's terms. */
  readonly request: CombineRequest;
  readonly inputs: readonly ManifestInput[];
  /** See `PlanIdentity.digest`. */
  readonly planDigest: string;
  readonly vocabulary: VocabularyPlan | null;
  /** Absent in outputs of earlier versions, which combined no codes. */
  readonly decoded?: DecodedWeights | null;
  readonly rounding: RoundingByLayer;
  /** The rule of the hashes of tensors and shards (`treeHashes`). */
  readonly hashRule: string;
  readonly shards: readonly ManifestShard[];
  readonly tensors: readonly ManifestTensor[];
  /** Distinct row maps of tensors with a row per token. */
  readonly rowMaps: readonly (readonly RowRun[])[];
  readonly files: readonly ManifestFile[];
}

/** What a run found out beyond its plan. */
export interface ManifestFacts {
  readonly hashes: TreeHashes;
  readonly rounding: RoundingByLayer;
  readonly files: readonly ManifestFile[];
  /** SHA-256 by path; empty when it was not asked for. */
  readonly inputSha256: ReadonlyMap<string, string>;
}

/** @returns the manifest of a finished output. */
export function buildManifest(plan: CombinePlan, { hashes, rounding, files, inputSha256 }: ManifestFacts): Manifest {
  const { kind, formula, combination, template, request, vocabulary, decoded } = plan;
  const rowMaps = distinctRowMaps(plan.tensors);
  return {
    format: 'model-rebase',
    version: 1,
    toolVersion,
    kind,
    formula,
    combination,
    template,
    request,
    inputs: plan.inputs.map((input) => ({
      ...input,
      shards: input.shards.map((shard) => ({ ...shard, sha256: inputSha256.get(shard.path) ?? null })),
    })),
    planDigest: identifyPlan(plan).digest,
    vocabulary,
    decoded,
    rounding,
    hashRule,
    shards: plan.shards.map(({ file, header, dataByteLength }, i) => ({
      file,
      headerByteLength: header.byteLength,
      dataByteLength,
      hash: hashes.shards[i]!,
    })),
    tensors: plan.tensors.map((tensor, i) => manifestTensor(tensor, tensor.rows && rowMaps.index.get(tensor.rows)!, hashes.tensors[i]!)),
    rowMaps: rowMaps.maps,
    files,
  };
}

/** Field by field: there may be a million, and spread objects take four times the memory. */
function manifestTensor(tensor: PlannedTensor, rows: number | null, hash: string): ManifestTensor {
  const { name, dtype, shape, action, reason, scales, sources, offset, byteLength, shard } = tensor;
  return { name, dtype, shape, action, reason, scales, sources, rows, offset, byteLength, shard, hash };
}

/** Embedding and head usually have the same rows, written once. */
function distinctRowMaps(tensors: readonly PlannedTensor[]): { maps: (readonly RowRun[])[]; index: Map<readonly RowRun[], number> } {
  const maps: (readonly RowRun[])[] = [];
  const byText = new Map<string, number>();
  const index = new Map<readonly RowRun[], number>();
  for (const { rows } of tensors) {
    if (rows === null || index.has(rows)) continue;
    const text = JSON.stringify(rows);
    if (!byText.has(text)) byText.set(text, maps.push(rows) - 1);
    index.set(rows, byText.get(text)!);
  }
  return { maps, index };
}

/** The tensors of a manifest as a plan has them. */
export function plannedTensors({ tensors, rowMaps }: Manifest): PlannedTensor[] {
  return tensors.map(({ name, dtype, shape, action, reason, scales, sources, rows, offset, byteLength, shard }) => {
    const runs = rows === null ? null : rowMaps[rows]!;
    return { name, dtype, shape, action, reason, scales, sources, rows: runs, offset, byteLength, shard };
  });
}

/** The manifest's text in pieces, a tensor a line. */
export function manifestText(manifest: Manifest): Iterable<string> {
  return jsonLines(manifest, (_, value) => (value === Infinity ? 'Infinity' : tablesForJson(value)));
}
