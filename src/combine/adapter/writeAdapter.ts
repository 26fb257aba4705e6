import { constants, copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../../base/exists.js';
import { toAccessError, toWriteError } from '../../base/fileAccess.js';
import { modifiedAtOf } from '../../base/modifiedAt.js';
import { syncFile, syncFolder } from '../../base/syncFolder.js';
import { FileReadError } from '../../compute/index.js';
import type { AdapterPlan } from './planAdapter.js';

/**
 * Writes an adapter as planned. The folder appears whole, or not at all, and nothing is replaced.
 * @throws Error when the plan is refused or its place was taken meanwhile, FileReadError when the factors have changed, FileAccessError;
 * the signal's reason when aborted
 */
export async function writeAdapter(plan: AdapterPlan, signal?: AbortSignal): Promise<void> {
  const [refusal] = plan.refusals;
  if (refusal !== undefined) throw new Error(refusal.message);
  const { output } = plan;
  await requireUnchanged(plan);
  await describing(output, mkdir(dirname(output), { recursive: true }));
  const temporary = await describing(output, mkdtemp(`${output}.partial-`));
  try {
    await describing(output, fill(temporary, plan));
    await requireUnchanged(plan);
    signal?.throwIfAborted();
    if (await exists(output)) throw new Error(`${output} was made meanwhile. Choose another name.`);
    await describing(output, rename(temporary, output));
    await syncFolder(dirname(output));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function fill(folder: string, { source, fileName, settings, title, request, baseName }: AdapterPlan): Promise<void> {
  const weights = join(folder, fileName);
  const file = join(folder, 'adapter_config.json');
  await copyFile(source.path, weights, constants.COPYFILE_FICLONE);
  await writeFile(file, settings);
  await writeFile(join(folder, 'README.md'), card(title, request.finetuned, baseName, request.scale));
  for (const path of [weights, file]) await syncFile(path);
  await syncFolder(folder);
}

function card(title: string, finetuned: string, base: string, scale: number): string {
  const factor = scale === 1 ? '' : `, its ΔW ${scale} times`;
  return `---\nbase_model: ${JSON.stringify(base)}\n---\n\nThe ${title} \`${finetuned}\` for \`${base}\`: the same factors${factor}. Written by Model Rebase.\n`;
}

async function requireUnchanged({ source }: AdapterPlan): Promise<void> {
  const stats = await stat(source.path, { bigint: true }).catch((error: unknown) => {
    throw toAccessError(source.path, error);
  });
  if (Number(stats.size) === source.byteLength && modifiedAtOf(stats) === source.modifiedAt) return;
  throw new FileReadError(`${source.path}: changed since the plan was made. Run again.`);
}

function describing<T>(path: string, step: Promise<T>): Promise<T> {
  return step.catch((error: unknown) => {
    throw toWriteError(path, error);
  });
}
