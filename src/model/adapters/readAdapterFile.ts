import { join } from 'node:path';
import { FileAccessError, FormatError } from '../../base/formatError.js';
import type { JsonObject } from '../../base/json/readJson.js';
import type { CompanionReader, Finding } from '../../checkpoint/index.js';

/** The name that PEFT and MLX give the file of an adapter's settings. */
export const adapterFile = 'adapter_config.json';

/** What a folder's `adapter_config.json` holds, or what is wrong with it. */
export interface AdapterFile {
  /** Null when there is none, or it cannot be read. */
  readonly root: JsonObject | null;
  readonly findings: readonly Finding[];
}

/** Reads the settings of an adapter, if a folder has them. A broken file is a finding: what the tensors are shows without it. */
export async function readAdapterFile(folder: string, companions: CompanionReader): Promise<AdapterFile> {
  const file = join(folder, adapterFile);
  try {
    return { root: await companions.object(file), findings: [] };
  } catch (error) {
    if (!(error instanceof FormatError || error instanceof FileAccessError)) throw error;
    const message = `The settings of the adapter cannot be read: ${error.message}`;
    return { root: null, findings: [{ severity: 'error', code: 'adapter-config-unreadable', message, file }] };
  }
}
