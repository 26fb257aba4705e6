import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { discoverCheckpoints, openCheckpoint, titleOf, type Checkpoint } from '../../../src/checkpoint/index.js';
import { FileAccessError, FormatError } from '../../../src/base/formatError.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { writeIndex, writeText, writeWeights } from '../../support/weightFolders.js';

describe('discovery and opening decide alike', () => {
  const stems = ['model', 'model.fp16', 'diffusion_pytorch_model', 'consolidated', 'adapter_model', 'x', 'optimizer'];
  const weights = stems.flatMap((stem) => [`${stem}.safetensors`, ...[1, 2].map((i) => `${stem}-0000${i}-of-00002.safetensors`)]);
  const pytorch = ['pytorch_model.bin', 'pytorch_model-00001-of-00002.bin', 'x.bin', 'y.pt', 'optimizer.pt'];
  const others = ['model-00001-of-00003.safetensors', 'x-1-of-2.fp16.safetensors', 'inner/part.safetensors', ...pytorch];
  const indices = [
    ...['model.safetensors.index.json', 'model.safetensors.index.fp16.json', 'x.safetensors.index.json', 'pytorch_model.bin.index.json'],
    ...['diffusion_pytorch_model.safetensors.index.json', 'diffusion_pytorch_model.safetensors.fp16.index.json'],
  ];
  const clues = ['adapter_config.json', 'params.json'];
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

  /** What training leaves is not listed, nor the same model in another format. */
  function isReached(file: string, reached: ReadonlySet<string>): boolean {
    const modelOf = (path: string): string => path.replace(/pytorch_model(?=[.-])/, 'model').replace(/(?:-\d+-of-\d+)?\.\w+$/, '');
    const isTwin = (other: string): boolean =>
      modelOf(other) === modelOf(file) || (/\.(?:bin|pt)$/.test(file) && /\/model\b/.test(modelOf(other)));
    return reached.has(file) || file.includes('optimizer') || [...reached].some(isTwin);
  }

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
    for (const file of files) assert.ok(isReached(file, reached), `${file} is in no checkpoint that is listed`);
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
          const isPipeline = part.files.length > 0 || Object.keys(part.indices).length > 0;
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
