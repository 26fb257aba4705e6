import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import fc from 'fast-check';
import { discoverCheckpoints, loadersOpen, openCheckpoint, titleOf, type Checkpoint } from '../../../src/checkpoint/index.js';
import { FileAccessError, FormatError } from '../../../src/base/formatError.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { shardName, writeSafetensors } from '../../support/safetensorsFile.js';

/** Writes files of weights whose only tensor is called as the file, so that a checkpoint's tensors say which files it is. */
async function writeWeights(folder: string, ...files: readonly string[]): Promise<void> {
  for (const file of files) await writeSafetensors(join(folder, file), [{ name: file, dtype: 'F32', shape: [1] }]);
}

async function writeText(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function writeIndex(folder: string, name: string, ...files: readonly string[]): Promise<void> {
  return writeText(join(folder, name), JSON.stringify({ weight_map: Object.fromEntries(files.map((file) => [file, file])) }));
}

const filesOf = ({ folder, shards }: Checkpoint): string[] => shards.map(({ path }) => relative(folder, path));
const codesOf = ({ findings }: Checkpoint): string[] => findings.map(({ code }) => code);

async function errorOf(address: string): Promise<FormatError | FileAccessError> {
  const error: unknown = await openCheckpoint(address).then(
    ({ shards }) => assert.fail(`${address} opens ${shards.map(({ path }) => path).join()}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof FormatError || error instanceof FileAccessError, String(error));
  return error;
}

const [first, second] = [shardName(0, 2), shardName(1, 2)];

describe('which files of a folder are the model', () => {
  it('model.safetensors, then the index, as transformers; the other answer is named', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second);
      await writeIndex(folder, 'model.safetensors.index.json', first, second);
      const sharded = await openCheckpoint(folder);
      assert.deepEqual([filesOf(sharded), codesOf(sharded)], [[first, second], []]);
      await writeWeights(folder, 'model.safetensors');
      const single = await openCheckpoint(folder);
      assert.deepEqual([filesOf(single), codesOf(single)], [['model.safetensors'], ['loaders-disagree']]);
      const { message } = single.findings[0]!;
      assert.match(
        message,
        /transformers opens model\.safetensors, vLLM, SGLang and diffusers the shards of model\.safetensors\.index\.json/,
      );
      const other = /name (\S+) for the other/.exec(message)![1]!;
      assert.deepEqual(filesOf(await openCheckpoint(other)), [first, second]);
    }));

  it('never others in the place of what is there and cannot be read', async function () {
    if (process.platform === 'win32') this.skip();
    await inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'consolidated.safetensors');
      await symlink('../blobs/none', join(folder, 'model.safetensors'));
      assert.match((await errorOf(folder)).message, /model\.safetensors: no file: a link that leads nowhere/);
      await writeWeights(folder, first, second);
      await writeIndex(folder, 'model.safetensors.index.json', first, second);
      assert.deepEqual(filesOf(await openCheckpoint(folder)), [first, second]); // as transformers, which asks for a file
    });
    await inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second);
      execFileSync('mkfifo', [join(folder, 'model.safetensors.index.json')]);
      assert.match((await errorOf(folder)).message, /model\.safetensors\.index\.json: not a regular file/);
      assert.deepEqual(filesOf(await openCheckpoint(join(folder, first))), [first]);
    });
  });

  it('an index of model.safetensors itself, as mlx-lm writes it', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'model.safetensors');
      await writeIndex(folder, 'model.safetensors.index.json', 'model.safetensors');
      const checkpoint = await openCheckpoint(folder);
      assert.deepEqual([filesOf(checkpoint), codesOf(checkpoint)], [['model.safetensors'], []]);
      assert.deepEqual((await discoverCheckpoints(folder)).paths, [folder]);
    }));

  it('diffusers takes an index before a single file', () =>
    inTemporaryFolder(async (folder) => {
      const stem = 'diffusion_pytorch_model';
      const shards = [1, 2].map((number) => `${stem}-0000${number}-of-00002.safetensors`);
      await writeWeights(folder, `${stem}.safetensors`, ...shards);
      await writeIndex(folder, `${stem}.safetensors.index.json`, ...shards);
      assert.deepEqual(filesOf(await openCheckpoint(folder)), shards);
    }));

  it('the file that config.json names as transformers_weights, within the folder only', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'model.safetensors', 'tuned.safetensors', 'inner/deep.safetensors');
      const opened = async (named: string): Promise<string[]> => {
        await writeText(join(folder, 'config.json'), JSON.stringify({ transformers_weights: named }));
        return filesOf(await openCheckpoint(folder));
      };
      assert.deepEqual(await opened('tuned.safetensors'), ['tuned.safetensors']);
      assert.deepEqual(await opened('inner/deep.safetensors'), ['inner/deep.safetensors']);
      assert.deepEqual(await opened('../elsewhere.safetensors'), ['model.safetensors']);
      await writeText(join(folder, 'config.json'), '{"transformers_weights": "gone.safetensors"}');
      assert.match((await errorOf(folder)).message, /names a file that is not there/);
    }));

  for (const [what, index] of [
    ['of a build with another number of shards', shardName(0, 13)],
    ['of the shards that one file replaced', first],
  ] as const) {
    it(`a stale index ${what} is left out, and said to be`, () =>
      inTemporaryFolder(async (folder) => {
        const whole = index === first ? ['model.safetensors'] : [first, second];
        await writeWeights(folder, ...whole);
        await writeIndex(folder, 'model.safetensors.index.json', index);
        const checkpoint = await openCheckpoint(folder);
        assert.deepEqual(filesOf(checkpoint), whole);
        assert.equal(codesOf(checkpoint)[0], 'index-stale');
        assert.match((await errorOf(join(folder, 'model.safetensors.index.json'))).message, /index names a file that is not there/);
      }));
  }

  it('an index some of whose shards are there is a download that has not ended', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, 'other.safetensors');
      await writeIndex(folder, 'model.safetensors.index.json', first, second);
      assert.match(
        (await errorOf(folder)).message,
        /Found 1 of 2 files\. Finish the download.* Or open what else is there: .*other\.safetensors/,
      );
    }));

  it('an index that cannot be read is never guessed around, but for model.safetensors, which no loader reads it for', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second);
      await writeText(join(folder, 'model.safetensors.index.json'), '{"weight_map"');
      const { message } = await errorOf(folder);
      assert.match(message, /index is not valid JSON.* Or open what else is there: .*#model-of-2/);
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#model-of-2`)), [first, second]);
      await writeWeights(folder, 'model.safetensors');
      const checkpoint = await openCheckpoint(folder);
      assert.deepEqual(filesOf(checkpoint), ['model.safetensors']);
      assert.deepEqual(codesOf(checkpoint).sort(), ['index-stale', 'loaders-disagree']);
    }));

  it('shards of two builds without an index: the whole one, or neither', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second, shardName(0, 3), shardName(2, 3));
      assert.deepEqual(filesOf(await openCheckpoint(folder)), [first, second]);
      await writeWeights(folder, shardName(1, 3));
      assert.match((await errorOf(folder)).message, /several checkpoints.*#model-of-2 and .*#model-of-3/);
    }));

  it('a folder is given to others as it is only where all of them open the same files', () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, first, second);
      assert.equal(await loadersOpen(folder, [first, second]), false, 'without an index');
      await writeIndex(folder, 'model.safetensors.index.json', first, second);
      assert.equal(await loadersOpen(folder, [first, second]), true);
      await writeWeights(folder, 'model.fp16.safetensors');
      assert.equal(await loadersOpen(folder, [first, second]), true, 'a variant beside it');
      assert.equal(await loadersOpen(folder, ['model.fp16.safetensors']), false);
      await writeWeights(folder, 'model.safetensors');
      assert.equal(await loadersOpen(folder, ['model.safetensors']), false, 'where loaders disagree');
    }));

  it("Mistral's consolidated file beside Hugging Face's shards is a checkpoint of its own", () =>
    inTemporaryFolder(async (folder) => {
      await writeWeights(folder, 'consolidated.safetensors', first, second);
      await writeText(join(folder, 'params.json'), '{}');
      const checkpoint = await openCheckpoint(folder);
      assert.deepEqual(
        [filesOf(checkpoint), codesOf(checkpoint)],
        [
          [first, second],
          ['index-missing', 'other-weights'],
        ],
      );
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#consolidated`)), ['consolidated.safetensors']);
    }));

  it('variants, by their name', () =>
    inTemporaryFolder(async (folder) => {
      const stem = 'diffusion_pytorch_model';
      const half = [1, 2].map((number) => `${stem}.fp16-0000${number}-of-00002.safetensors`);
      await writeWeights(folder, `${stem}.safetensors`, ...half, `${stem}.fp8.safetensors`);
      await writeIndex(folder, `${stem}.safetensors.index.fp16.json`, ...half);
      assert.deepEqual(filesOf(await openCheckpoint(folder)), [`${stem}.safetensors`]);
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#fp16`)), half);
      assert.deepEqual(filesOf(await openCheckpoint(join(folder, `${stem}.safetensors.index.fp16.json`))), half);
      assert.deepEqual(filesOf(await openCheckpoint(`${folder}#fp8`)), [`${stem}.fp8.safetensors`]);
      assert.match((await errorOf(`${folder}#fp4`)).message, /no part called fp4.* Name one of these/);
    }));

  it('an index by any name, and shards in folders below it', () =>
    inTemporaryFolder(async (folder) => {
      const shards = ['a/vision.safetensors', 'text.safetensors'];
      await writeWeights(folder, ...shards);
      await writeIndex(folder, 'weights.json', ...shards);
      const checkpoint = await openCheckpoint(join(folder, 'weights.json'));
      assert.deepEqual([filesOf(checkpoint), checkpoint.folder, checkpoint.findings], [shards, folder, []]);
      await writeText(join(folder, 'config.json'), '{}');
      assert.match((await errorOf(join(folder, 'config.json'))).message, /no index of weights.* Name the folder/);
    }));

  it('a name with # is a name where it exists', () =>
    inTemporaryFolder(async (folder) => {
      const models = join(folder, 'c#', 'run#2');
      await writeWeights(models, 'model.safetensors', 'model.fp16.safetensors', 'x#fp16.safetensors');
      assert.deepEqual(filesOf(await openCheckpoint(models)), ['model.safetensors']);
      assert.deepEqual(filesOf(await openCheckpoint(`${models}#fp16`)), ['model.fp16.safetensors']);
      assert.deepEqual(filesOf(await openCheckpoint(join(models, 'x#fp16.safetensors'))), ['x#fp16.safetensors']);
      assert.match((await errorOf(`${folder}/none#fp16`)).message, /none#fp16: no such file or folder/);
      assert.match((await errorOf(join(models, 'model.safetensors#a'))).message, /no part called a.* Leave the part out/);
    }));

  it('the parts of a pipeline, and their variants', () =>
    inTemporaryFolder(async (folder) => {
      const pipeline = join(folder, 'pipe');
      await writeText(
        join(pipeline, 'model_index.json'),
        '{"_class_name":"P","unet":["diffusers","U"],"text":["transformers","T"],"scheduler":["diffusers","S"]}',
      );
      await writeText(join(pipeline, 'scheduler/scheduler_config.json'), '{}');
      await writeWeights(pipeline, 'unet/diffusion_pytorch_model.safetensors', 'unet/diffusion_pytorch_model.fp16.safetensors');
      await writeWeights(pipeline, 'text/model.safetensors', 'lora/lora.safetensors');
      assert.match((await errorOf(pipeline)).message, /pipeline of several models.*pipe#text and .*pipe#unet/);
      const unet = await openCheckpoint(`${pipeline}#unet`);
      assert.deepEqual([unet.name, unet.folder], ['pipe#unet', join(pipeline, 'unet')]);
      assert.deepEqual(filesOf(await openCheckpoint(`${pipeline}#unet#fp16`)), ['diffusion_pytorch_model.fp16.safetensors']);
      assert.deepEqual(
        (await discoverCheckpoints(folder)).paths.map((path) => relative(folder, path)),
        ['pipe/lora/lora.safetensors', 'pipe#text', 'pipe#unet', 'pipe/unet/diffusion_pytorch_model.fp16.safetensors'],
      );
    }));
});

describe('a Hugging Face cache', () => {
  const commits = ['1'.repeat(40), '2'.repeat(40)];

  async function writeCache(hub: string, repository = 'models--acme--tiny'): Promise<string> {
    const root = join(hub, repository);
    for (const commit of commits) {
      await writeWeights(join(root, 'blobs'), commit);
      await mkdir(join(root, 'snapshots', commit), { recursive: true });
      await symlink(`../../blobs/${commit}`, join(root, 'snapshots', commit, 'model.safetensors'));
    }
    await writeText(join(root, 'refs/main'), commits[1]!);
    await writeText(join(root, 'refs/v1.0'), commits[0]!);
    return root;
  }

  it('opens the revision of refs/main, and others by branch, tag or commit', () =>
    inTemporaryFolder(async (folder) => {
      const hub = join(folder, 'hub');
      const root = await writeCache(hub);
      for (const [address, commit] of [
        [root, commits[1]],
        [hub, commits[1]],
        [`${root}#main`, commits[1]],
        [`${root}#v1.0`, commits[0]],
        [`${root}#1111`, commits[0]],
        [`${hub}#acme/tiny@v1.0`, commits[0]],
        [`${hub}#acme/tiny#1111111`, commits[0]],
      ] as const) {
        const { path, name } = await openCheckpoint(address);
        assert.deepEqual([path, name], [join(root, 'snapshots', commit!), `acme/tiny@${commit!.slice(0, 7)}`], address);
      }
      assert.match((await errorOf(`${root}#no`)).message, /no part called no/);
      await writeCache(hub, 'models--gpt2');
      assert.match((await errorOf(hub)).message, /cache of several models\. Found acme\/tiny and gpt2\. Name one of them: .*#acme\/tiny/);
      assert.equal((await openCheckpoint(`${hub}#gpt2`)).name, 'gpt2@2222222');
    }));

  it('says what was not downloaded, and how to get it', () =>
    inTemporaryFolder(async (folder) => {
      const root = await writeCache(folder);
      const snapshot = join(root, 'snapshots', '3'.repeat(40));
      await mkdir(snapshot);
      await symlink('../../blobs/none', join(snapshot, 'model.safetensors'));
      const { message } = await errorOf(snapshot);
      assert.match(message, /a link that leads nowhere.* hf download acme\/tiny --revision 3{40}/);
      await writeText(join(root, 'refs/main'), '4'.repeat(40));
      assert.match((await errorOf(root)).message, /revision 4{40} is not in the cache.* --revision 4{40}, or name .*#1111111/);
      const { paths } = await discoverCheckpoints(folder);
      assert.deepEqual(
        paths.map((path) => titleOf(path)),
        ['acme/tiny@1111111', 'acme/tiny@2222222', 'acme/tiny@3333333'],
      );
    }));

  it('titles of what lies in a revision', () => {
    const snapshot = `/hub/models--acme--tiny/snapshots/${commits[0]!}`;
    assert.equal(titleOf(`${snapshot}/consolidated.safetensors`), 'acme/tiny@1111111/consolidated');
    assert.equal(titleOf(`${snapshot}#unet`), 'acme/tiny@1111111#unet');
    assert.equal(titleOf(`${snapshot}/original/model.safetensors`), 'acme/tiny@1111111/original/model');
    assert.equal(titleOf('/hub/models--acme--tiny'), 'acme/tiny');
    assert.equal(titleOf('/hub/models--acme--tiny#v1'), 'acme/tiny@v1');
  });
});

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
      ['pytorch_model_fsdp_0/.metadata', 'optimizer_0/.metadata', 'scheduler.pt'],
      /FSDP weights.*training state/,
      /accelerate merge-weights \S+\/pytorch_model_fsdp_0 /,
    ],
    ['DCP', ['.metadata', '__0_0.distcp'], /distributed PyTorch checkpoint \(1 file/, /format_utils dcp_to_torch/],
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
    ['Megatron', ['latest_checkpointed_iteration.txt', 'iter_0000010/x'], /Megatron checkpoint/, /Megatron Bridge/],
    [
      'PyTorch',
      ['config.json', 'pytorch_model-00001-of-00002.bin', 'training_args.bin'],
      /PyTorch weights \(pytorch_model-00001-of-00002\.bin\) and training state/,
      /python -c /,
    ],
    ['GGUF', ['a-Q4_K_M.gguf'], /GGUF weights \(a-Q4_K_M\.gguf\)/, /made from/],
    ['ONNX', ['model.onnx', 'model.onnx_data'], /an ONNX graph/, /made from/],
    [
      'training state alone',
      ['optimizer.pt', 'rng_state.pth', 'trainer_state.json'],
      /training state \(optimizer\.pt and rng_state\.pth\)/,
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

describe('discovery and opening decide alike', () => {
  const stems = ['model', 'model.fp16', 'diffusion_pytorch_model', 'consolidated', 'adapter_model', 'x', 'optimizer'];
  const weights = stems.flatMap((stem) => [`${stem}.safetensors`, ...[1, 2].map((i) => `${stem}-0000${i}-of-00002.safetensors`)]);
  const others = ['model-00001-of-00003.safetensors', 'x-1-of-2.fp16.safetensors', 'inner/part.safetensors'];
  const indices = [
    ...['model.safetensors.index.json', 'model.safetensors.index.fp16.json', 'x.safetensors.index.json'],
    ...['diffusion_pytorch_model.safetensors.index.json', 'diffusion_pytorch_model.safetensors.fp16.index.json'],
  ];
  const clues = ['adapter_config.json', 'params.json', 'pytorch_model.bin'];
  const broken = ['{', '{"weight_map":{}}', '{"weight_map":{"a":"../a.safetensors"}}'];
  const indexText = fc.oneof(
    { weight: 5, arbitrary: fc.subarray([...weights, ...others], { minLength: 1, maxLength: 3 }).map((files) => ({ files })) },
    { weight: 1, arbitrary: fc.constantFrom(...broken).map((text) => ({ text })) },
  );
  const folderContents = fc.record({
    files: fc.subarray([...weights, ...others], { maxLength: 6 }),
    indices: fc.dictionary(fc.constantFrom(...indices), indexText, { maxKeys: 2 }),
    clues: fc.subarray(clues),
    named: fc.option(fc.constantFrom('x.safetensors', 'model.safetensors.index.json', 'gone.safetensors'), { freq: 8 }),
  });
  const flatContents = folderContents.map(({ files, ...rest }) => ({ ...rest, files: files.filter((file) => !file.includes('/')) }));
  type Contents = typeof folderContents extends fc.Arbitrary<infer T> ? T : never;

  async function write(folder: string, contents: Contents): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeWeights(folder, ...contents.files);
    for (const name of contents.clues) await writeText(join(folder, name), '{}');
    if (contents.named !== null) await writeText(join(folder, 'config.json'), JSON.stringify({ transformers_weights: contents.named }));
    for (const [name, index] of Object.entries(contents.indices)) {
      if ('text' in index) await writeText(join(folder, name), index.text);
      else await writeIndex(folder, name, ...index.files);
    }
  }

  /** Every way in agrees with what discovery lists. Shards below a folder whose index names them are no checkpoint of their own. */
  async function check(
    root: string,
    folders: readonly (readonly [folder: string, address: string])[],
    files: readonly string[],
  ): Promise<void> {
    const { paths, findings } = await discoverCheckpoints(root);
    assert.deepEqual(findings, []);
    assert.equal(new Set(paths).size, paths.length, 'an address is listed twice');
    const opened = new Map<string, Checkpoint>();
    for (const address of paths) {
      const checkpoint = await openCheckpoint(address).catch((error: unknown) => {
        assert.ok(error instanceof FormatError || error instanceof FileAccessError, String(error));
        assert.ok(
          folders.some(([, own]) => own === address),
          `${address} is listed and cannot be opened: ${error.message}`,
        );
        assert.doesNotMatch(error.message, /several|holds no weights/);
        return null;
      });
      if (checkpoint === null) continue;
      opened.set(address, checkpoint);
      assert.deepEqual([checkpoint.path, checkpoint.name], [address, titleOf(address)]);
      assert.deepEqual(await openCheckpoint(checkpoint.path), checkpoint);
    }
    const sets = [...opened.values()].map(({ shards }) => shards.map(({ path }) => path).join());
    assert.equal(new Set(sets).size, sets.length, 'two addresses open the same files');
    const reached = new Set([...opened.values()].flatMap(({ shards }) => shards.map(({ path }) => path)));
    for (const [folder, address] of folders) {
      const checkpoint = await openCheckpoint(folder).catch((error: unknown) => error as Error);
      if (checkpoint instanceof Error)
        assert.equal(paths.includes(address), !/several|holds no weights/.test(checkpoint.message), checkpoint.message);
      else if (paths.includes(address)) assert.deepEqual(opened.get(address)?.shards, checkpoint.shards);
      else
        assert.ok(
          checkpoint.shards.every(({ path }) => reached.has(path)),
          `${folder} opens but what it opens is not listed`,
        );
    }
    for (const file of files) assert.ok(reached.has(file) || file.includes('optimizer'), `${file} is in no checkpoint that is listed`);
  }

  it('whatever lies in a folder', () =>
    fc.assert(
      fc.asyncProperty(folderContents, (contents) =>
        inTemporaryFolder(async (folder) => {
          await write(folder, contents);
          await check(
            folder,
            ['', ...(contents.files.includes('inner/part.safetensors') ? ['inner'] : [])].map((name) => [
              join(folder, name),
              join(folder, name),
            ]),
            contents.files.map((file) => join(folder, file)),
          );
        }),
      ),
      { numRuns: 300 },
    ));

  it('whatever lies in a pipeline and its parts', () =>
    fc.assert(
      fc.asyncProperty(flatContents, flatContents, (contents, part) =>
        inTemporaryFolder(async (folder) => {
          const pipeline = join(folder, 'pipe');
          await write(pipeline, contents);
          await write(join(pipeline, 'unet'), part);
          await writeText(join(pipeline, 'model_index.json'), '{"unet":["diffusers","UNet"]}');
          const isPipeline = part.files.length > 0 || Object.keys(part.indices).length > 0 || part.clues.includes('pytorch_model.bin');
          const unet = isPipeline ? `${pipeline}#unet` : join(pipeline, 'unet');
          const files = [...contents.files.map((file) => join(pipeline, file)), ...part.files.map((file) => join(pipeline, 'unet', file))];
          await check(
            folder,
            [
              [folder, folder],
              [pipeline, pipeline],
              [join(pipeline, 'unet'), unet],
              [unet, unet],
            ],
            files,
          );
        }),
      ),
      { numRuns: 30 },
    ));
});
