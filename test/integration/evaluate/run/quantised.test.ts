import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint, type Tensor } from '../../../../src/checkpoint/index.js';
import { transfer, type Combination } from '../../../../src/combine/index.js';
import { decodeToFloat64 } from '../../../../src/compute/reference/index.js';
import { defaultSettings, evaluate } from '../../../../src/evaluate/index.js';
import { writeSafetensors, type TensorToWrite } from '../../../support/safetensorsFile.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

const root = join(__dirname, '../../../..');
const choices = { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' } as const;
const blockSize = 128;
const versions = { b1: 'base-1', f1: 'finetuned-1', b2: 'base-2' } as const;

const codes = decodeToFloat64('F8_E4M3', Uint8Array.from({ length: 256 }, (_, code) => code), 256); // prettier-ignore
const magnitudes = [...codes.entries()].filter(([code, value]) => code < 128 && Number.isFinite(value)).map(([, value]) => value);
const largest = magnitudes.at(-1)!;

/** The code whose value is nearest. */
function nearestCode(value: number): number {
  const size = Math.min(Math.abs(value), largest);
  let [low, high] = [0, magnitudes.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (magnitudes[middle]! <= size) low = middle;
    else high = middle;
  }
  const code = size - magnitudes[low]! <= magnitudes[high]! - size ? low : high;
  return value < 0 ? code | 0x80 : code;
}

/** Codes with a scale for each block of 128 × 128, as DeepSeek stores them. */
function toBlockFp8(name: string, [rows, columns]: readonly [number, number], values: Float64Array): TensorToWrite[] {
  const grid = [Math.ceil(rows / blockSize), Math.ceil(columns / blockSize)] as const;
  const scales = new Float32Array(grid[0] * grid[1]);
  const blockOf = (i: number): number => Math.floor(Math.floor(i / columns) / blockSize) * grid[1] + Math.floor((i % columns) / blockSize);
  for (const [i, value] of values.entries()) scales[blockOf(i)] = Math.max(scales[blockOf(i)]!, Math.abs(value) / largest);
  const bytes = Uint8Array.from(values, (value, i) => nearestCode(value / (scales[blockOf(i)]! || 1)));
  return [
    { name, dtype: 'F8_E4M3', shape: [rows, columns], bytes },
    { name: `${name}_scale_inv`, dtype: 'F32', shape: grid, bytes: new Uint8Array(scales.buffer) },
  ];
}

async function writeTwin(from: string, to: string): Promise<void> {
  const { tensors, shards } = await openCheckpoint(from);
  const files = await Promise.all(shards.map(({ path }) => readFile(path)));
  await cp(from, to, { recursive: true });
  for (const { path } of shards) await rm(join(to, path.slice(from.length + 1)));
  await rm(join(to, 'model.safetensors.index.json'), { force: true });
  const written = tensors.flatMap((tensor) =>
    twinOf(tensor, files[tensor.shard]!.subarray(tensor.start, tensor.start + tensor.byteLength)),
  );
  await writeSafetensors(join(to, 'model.safetensors'), written, { metadata: { format: 'pt' } });
  const config = JSON.parse(await readFile(join(to, 'config.json'), 'utf8')) as object;
  const quantization_config = { quant_method: 'fp8', weight_block_size: [blockSize, blockSize] };
  await writeFile(join(to, 'config.json'), JSON.stringify({ ...config, quantization_config }));
}

function twinOf({ name, dtype, shape, elementCount }: Tensor, bytes: Uint8Array): TensorToWrite[] {
  const isLinear = shape.length === 2 && /\.(?:self_attn|mlp)\./.test(name);
  if (!isLinear) return [{ name, dtype, shape, bytes }];
  return toBlockFp8(name, [shape[0]!, shape[1]!], decodeToFloat64(dtype, bytes, elementCount));
}

describe('scores of block-FP8 twins of the samples', () => {
  const folder = temporaryFolder();

  it('are within 0.01 nats a token of those in BF16, of models and of transfers', async function () {
    this.timeout(120_000);
    const model = (role: string, path: string) => ({ role, path, expect: 'checkpoint' as const });
    for (const [role, name] of Object.entries(versions)) await writeTwin(join(root, 'samples', name), folder(role));
    const text = folder('french.txt');
    await writeFile(text, (await readFile(join(root, 'samples/text/french.txt'), 'utf8')).slice(0, 12_000));
    const single = (role: string): Combination => ({ steps: [{ scale: 1, plus: role, minus: null }] });
    const combinations = [...Object.keys(versions).map(single), transfer('b2', 'f1', 'b1'), transfer('b2', 'f1', 'b1', 0.5)];
    const lossOf = async (pathOf: (role: keyof typeof versions) => string): Promise<number[]> => {
      const inputs = (Object.keys(versions) as (keyof typeof versions)[]).map((role) => model(role, pathOf(role)));
      const candidates = combinations.map((combination, index) => ({ label: String(index), combination }));
      const report = await evaluate({ inputs, candidates, tasks: [text], choices, settings: defaultSettings });
      return report.candidates.map(({ scores: [score] }) => {
        assert.ok(score?.kind === 'loss');
        return score.loss;
      });
    };
    const plain = await lossOf((role) => join(root, 'samples', versions[role]));
    const coded = await lossOf((role) => folder(role));
    for (const [index, loss] of plain.entries()) {
      assert.notEqual(coded[index], loss);
      assert.ok(Math.abs(coded[index]! - loss) < 0.01, `combination ${index}: ${coded[index]} and ${loss}`);
    }
  });
});
