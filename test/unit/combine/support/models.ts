import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transfer } from '../../../../src/combine/combination.js';
import { combineRequest, type CombineRequest } from '../../../../src/combine/request.js';
import { planCombine } from '../../../../src/combine/plan/planCombine.js';
import type { CombinePlan, PlannedFile, PlannedTensor } from '../../../../src/combine/plan.js';
import { writeSafetensors, writeShardedCheckpoint, type TensorToWrite, type WriteOptions } from '../../../support/safetensorsFile.js';

/** What a model's folder holds beside its weights. */
export interface ModelFolder {
  readonly shards: readonly (readonly TensorToWrite[])[];
  readonly files?: Readonly<Record<string, string | object>>;
  readonly metadata?: WriteOptions['metadata'];
}

/** A temporary folder of models, made before each test and removed after it. */
export class ModelBench {
  folder = '';

  constructor() {
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'model-rebase-'));
    });
    afterEach(() => rm(this.folder, { recursive: true, force: true }));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a model; its tensors in one file, or in shards with an index. */
  async write(name: string, { shards, files = {}, metadata = { format: 'pt' } }: ModelFolder): Promise<void> {
    const folder = this.path(name);
    await mkdir(folder, { recursive: true });
    if (shards.length === 1) await writeSafetensors(join(folder, 'model.safetensors'), shards[0]!, { metadata });
    else await writeShardedCheckpoint(folder, shards, { metadata });
    for (const [file, content] of Object.entries(files))
      await writeFile(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }

  /** The request of a transfer between the models `t`, `f` and `b` of this folder. */
  request(given: Partial<CombineRequest> = {}): CombineRequest {
    const roles = [
      ['target', 't'],
      ['finetuned', 'f'],
      ['base', 'b'],
    ] as const;
    const inputs = roles.map(([role, name]) => ({ role, path: this.path(name), expect: 'checkpoint' as const }));
    return combineRequest({ combination: transfer('target', 'finetuned', 'base'), inputs, output: this.path('out'), ...given });
  }

  plan(given: Partial<CombineRequest> = {}): Promise<CombinePlan> {
    return planCombine(this.request(given));
  }
}

export function tensor(name: string, shape: readonly number[], dtype: TensorToWrite['dtype'] = 'BF16', bytes?: Uint8Array): TensorToWrite {
  return bytes === undefined ? { name, dtype, shape } : { name, dtype, shape, bytes };
}

/** The tensor of a plan that has this name. */
export function planned({ tensors }: CombinePlan, name: string): PlannedTensor {
  const found = tensors.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the plan has no tensor ${name}`);
  return found;
}

export function plannedFile({ files }: CombinePlan, name: string): PlannedFile {
  const found = files.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`the plan has no file ${name}: ${files.map((file) => file.name).join(', ')}`);
  return found;
}

/** Codes of findings or refusals. */
export function codes(list: readonly { readonly code: string }[]): string[] {
  return list.map(({ code }) => code);
}
