import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  discardPartial,
  keptPartialsIn,
  manifestName,
  outputFacts,
  planAdapter,
  planCombine,
  readManifest,
  runCombine,
  verify,
  writeAdapter,
  type AdapterPlan,
  type AdapterRequest,
  type CombinePlan,
  type Manifest,
  type OutputFacts,
  type VerifyReport,
} from '../combine/index.js';
import type { JobContext } from './job.js';
import { phaseReporter } from './phaseReporter.js';
import type { RunRequest, VerifyRequest } from './protocol.js';
import { requireAllowed, type AllowedFolders } from '../base/allowedFolders.js';
import { makeFolder } from '../base/makeFolder.js';

/** Plans, runs and verifies combinations of checkpoints. */
export const combineJobs = {
  'combine/plan': (request: Parameters<typeof planCombine>[0], { signal }: JobContext) => planCombine(request, signal),
  'combine/run': runPlan,
  'adapter/plan': (request: AdapterRequest, { signal }: JobContext) => planAdapter(request, signal),
  'adapter/write': ({ plan }: { readonly plan: AdapterPlan }, { signal }: JobContext) => writeAdapter(plan, signal).then(() => null),
  'combine/discard': ({ plan }: { readonly plan: Pick<CombinePlan, 'output'> }) => discardPartial(plan).then(() => null),
  'combine/kept': ({ folder }: { readonly folder: string }) => keptPartialsIn(folder),
  'combine/describe': ({ path }: { readonly path: string }) => describeOutput(path),
  'combine/manifest': ({ folder }: { readonly folder: string }) => readManifest(join(folder, manifestName)),
  'combine/verify': verifyOutput,
};

async function runPlan({ plan, options }: RunRequest, { signal, report }: JobContext): Promise<Manifest> {
  if (plan.refusals.length === 0) await makeFolder(dirname(plan.output));
  return runCombine(plan, { ...options, signal, onProgress: phaseReporter(report) });
}

/** A deep verification reads the inputs that the manifest names. */
async function requireInputsAllowed(manifest: string, allowedFolders: AllowedFolders): Promise<void> {
  if (allowedFolders === null) return;
  const { inputs } = await readManifest(manifest);
  const paths = inputs.flatMap(({ path, shards }) => [path, ...shards.map((shard) => shard.path)]);
  requireAllowed(allowedFolders, paths, manifest);
}

async function describeOutput(path: string): Promise<OutputFacts | null> {
  const manifest = join(path, manifestName);
  const isOutput = await access(manifest).then(
    () => true,
    () => false,
  );
  return isOutput ? outputFacts(await readManifest(manifest)) : null;
}

async function verifyOutput(
  { folder, deep, workers }: VerifyRequest,
  { signal, report, allowedFolders = null }: JobContext,
): Promise<VerifyReport> {
  if (deep) await requireInputsAllowed(join(folder, manifestName), allowedFolders);
  const onProgress = phaseReporter(report);
  return verify(folder, {
    deep,
    workers,
    signal,
    onProgress: (doneBytes, totalBytes) => onProgress({ phase: 'verifying', doneBytes, totalBytes, tensor: '' }),
  });
}
