import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dtype } from '../../src/checkpoint/index.js';
import { openModel } from '../../src/model/index.js';
import { combineRequest, planCombine, transfer, type CombinePlan, type CombineRequest } from '../../src/combine/index.js';
import { writeSafetensors, type TensorToWrite } from './safetensorsFile.js';

export const roles = ['target', 'finetuned', 'base'] as const;

/** A folder that is gone after the test. Outputs and inputs go below it. */
export class Workspace {
  private constructor(readonly folder: string) {}

  static async make(): Promise<Workspace> {
    return new Workspace(await mkdtemp(join(tmpdir(), 'model-rebase-')));
  }

  path(...names: readonly string[]): string {
    return join(this.folder, ...names);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

/** Writes base, finetuned and target below `folder`: layers of one matrix of this many elements each, seeded. */
export async function writeFamily(folder: string, layerCount: number, elementCount: number, dtype: Dtype = 'BF16'): Promise<void> {
  for (const [i, role] of roles.entries()) {
    const tensors = Array.from({ length: layerCount }, (_, layer): TensorToWrite => {
      const name = `model.layers.${layer}.mlp.weight`;
      return { name, dtype, shape: [elementCount / 8, 8], bytes: bfloat16Bytes(elementCount, layer * 31 + i) };
    });
    const step: TensorToWrite = { name: 'step', dtype: 'I64', shape: [1], bytes: new Uint8Array([i, 0, 0, 0, 0, 0, 0, 0]) };
    await writeSafetensors(join(folder, role, 'model.safetensors'), [...tensors, step]);
  }
}

/** Values of magnitude 2^-7 to 2^-5, of either sign. */
function bfloat16Bytes(count: number, seed: number): Uint8Array {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  const bits = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    bits[i] = ((state >>> 16) & 0x81ff) | 0x3c00;
  }
  return new Uint8Array(bits.buffer);
}

/** The request of a transfer within a family. */
export function transferRequest(family: string, output: string, scale = 1, more: Partial<CombineRequest> = {}): CombineRequest {
  const inputs = roles.map((role) => ({ role, path: join(family, role), expect: 'checkpoint' as const }));
  return combineRequest({ combination: transfer('target', 'finetuned', 'base', scale), inputs, output, ...more });
}

export function planTransfer(family: string, output: string, scale = 1, more: Partial<CombineRequest> = {}): Promise<CombinePlan> {
  return planCombine(transferRequest(family, output, scale, more));
}

/** Stored bytes of every tensor of a checkpoint, by name. */
export async function tensorBytes(path: string): Promise<Map<string, Buffer>> {
  const { tensors, shards } = await openModel(path);
  const files = await Promise.all(shards.map((shard) => readFile(shard.path)));
  return new Map(tensors.map(({ name, shard, start, byteLength }) => [name, files[shard]!.subarray(start, start + byteLength)]));
}
