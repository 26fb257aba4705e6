import assert from 'node:assert/strict';
import { join } from 'node:path';
import { discoverCheckpoints } from '../../../src/checkpoint/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { errorOf, writeText, writeWeights } from '../../support/weightFolders.js';

describe('folders without weights that are read', () => {
  const cases: readonly (readonly [what: string, files: readonly string[], holds: RegExp, remedy: RegExp])[] = [
    [
      'a run',
      ['config.json', 'checkpoint-500/a.bin', 'checkpoint-1000/a.bin'],
      /checkpoint-1000 and checkpoint-500/,
      /checkpoint-1000 is the newest/,
    ],
    [
      'FSDP',
      ['pytorch_model_fsdp_0/__0_0.distcp', 'optimizer_0/.metadata', 'scheduler.pt'],
      /FSDP weights.*training state/,
      /\.metadata\) is missing/,
    ],
    ['DCP', ['__0_0.distcp'], /distributed PyTorch checkpoint \(1 file/, /finish the download/],
    [
      'DeepSpeed',
      ['latest', 'zero_to_fp32.py', 'global_step20/mp_rank_00_model_states.pt'],
      /DeepSpeed checkpoint \(global_step20\)/,
      /zero_to_fp32\.py .* --safe_serialization/,
    ],
    [
      'verl',
      ['model_world_size_2_rank_0.pt', 'model_world_size_2_rank_1.pt'],
      /verl checkpoint \(2 ranks\)/,
      /verl\.model_merger merge --backend fsdp/,
    ],
    ['Llama', ['consolidated.00.pth', 'consolidated.01.pth'], /2 slices of every tensor/, /convert_llama_weights_to_hf/],
    ['Megatron', ['latest_checkpointed_iteration.txt', 'iter_0000010/x'], /Megatron checkpoint/, /Megatron Bridge/],
    [
      'PyTorch',
      ['config.json', 'weights.bin', 'training_args.bin'],
      /1 file that ends like PyTorch weights and is none \(weights\.bin\) and training state/,
      /Finish the download/,
    ],
    ['ONNX', ['model.onnx', 'model.onnx_data'], /an ONNX graph/, /made from/],
    [
      'training state alone',
      ['optimizer.pt', 'rng_state.pth', 'trainer_state.json'],
      /training state \(optimizer\.pt, rng_state\.pth and trainer_state\.json\)/,
      /saved elsewhere/,
    ],
    ['optimizer state in safetensors', ['optimizer.safetensors'], /training state/, /saved elsewhere/],
    ['nothing', ['README.md'], /1 other file/, /Name the folder/],
  ];
  for (const [what, files, holds, remedy] of cases) {
    it(what, () =>
      inTemporaryFolder(async (folder) => {
        for (const file of files) await writeText(join(folder, file), '');
        const { fault } = await errorOf(folder);
        assert.match(fault.actual ?? '', holds);
        assert.match(fault.remedy, remedy);
        assert.deepEqual((await discoverCheckpoints(folder)).paths, []);
      }),
    );
  }

  it('names the checkpoints below', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'runs/a/model.safetensors', 'runs/b/model.safetensors');
      assert.match((await errorOf(folder)).message, /Checkpoints in it: runs\/a and runs\/b\.$/);
    }));
});
