import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../scripts/vscode/lifetime.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import { type TensorToWrite, buildRawSafetensors, writeSafetensors, writeShardedCheckpoint } from '../../support/safetensorsFile.js';

/** Trained models that come with the extension. */
export const sampleModels = ['base-1', 'finetuned-1', 'base-2', 'unrelated'] as const;

function float32(name: string, shape: readonly number[], values: readonly number[]): TensorToWrite {
  return { name, dtype: 'F32', shape, bytes: new Uint8Array(Float32Array.from(values).buffer) };
}

const query = 'model.layers.0.self_attn.q_proj.weight';

/** ‖A‖ = 5, and in the query projection Δ = (0, 0.375, 0.5, 0), so ‖Δ‖ = 0.625 and the relative change is 0.125. */
function tinyModel(version: 'a' | 'b'): readonly TensorToWrite[] {
  return [
    float32('model.embed_tokens.weight', [2, 2], [1, 2, 3, 4]),
    float32(query, [2, 2], version === 'a' ? [3, 0, 0, 4] : [3, 0.375, 0.5, 4]),
    float32('model.layers.0.self_attn.q_proj.bias', [2], [1, 1]),
    float32('model.layers.0.mlp.up_proj.weight', [1, 2], [1, 1]),
    ...(version === 'a' ? [float32('model.layers.1.mlp.up_proj.weight', [1, 2], [1, 1])] : []),
    float32('model.norm.weight', [2], [1, 1]),
  ];
}

const tinyConfig = { architectures: ['TinyForCausalLM'], model_type: 'tiny', hidden_size: 2, num_hidden_layers: 2, vocab_size: 2 };

async function writeModel(folder: string, version: 'a' | 'b', config: object): Promise<void> {
  await writeSafetensors(join(folder, 'model.safetensors'), tinyModel(version));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config, null, 2));
}

/** An index that promises another total size than its shards hold: readable, but a finding. */
async function writeOddShards(folder: string): Promise<void> {
  await writeShardedCheckpoint(folder, [tinyModel('a').slice(0, 3), tinyModel('a').slice(3)]);
  const path = join(folder, 'model.safetensors.index.json');
  const index = JSON.parse(readFileSync(path, 'utf8')) as { metadata: { total_size: number } };
  index.metadata.total_size += 1;
  writeFileSync(path, JSON.stringify(index));
}

function copySamples(folder: string): void {
  for (const name of sampleModels) {
    const sample = join(projectRoot, 'samples', name);
    if (existsSync(sample)) cpSync(sample, join(folder, 'samples', name), { recursive: true });
  }
}

/**
 * Makes a folder of models for a test, removed when the process ends: `tiny-a`, `tiny-b` (hand-made values), `sharded`
 * (with a finding), `adapters` (two files, each a checkpoint), `broken`, a file of another kind, and the samples.
 */
export async function makeWorkspace(): Promise<string> {
  const folder = temporaryFolder('workspace');
  await writeModel(join(folder, 'tiny-a'), 'a', tinyConfig);
  await writeModel(join(folder, 'tiny-b'), 'b', { ...tinyConfig, num_hidden_layers: 1 });
  await writeOddShards(join(folder, 'sharded'));
  for (const step of ['100', '200']) await writeSafetensors(join(folder, 'adapters', `step-${step}.safetensors`), tinyModel('a'));
  mkdirSync(join(folder, 'broken'));
  writeFileSync(
    join(folder, 'broken', 'model.safetensors'),
    buildRawSafetensors('{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}', new Uint8Array(8)),
  );
  writeFileSync(join(folder, 'notes.md'), '# Notes\n');
  copySamples(folder);
  return folder;
}
