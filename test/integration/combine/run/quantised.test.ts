import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { combineRequest, planCombine, transfer, type CombinePlan, type CombineRequest } from '../../../../src/combine/index.js';
import { runCombine, verify } from '../../../../src/combine/run/index.js';
import { decodeToFloat64, encodeFromFloat64 } from '../../../../src/compute/reference/index.js';
import { roles, tensorBytes, Workspace } from '../../../support/combineFamily.js';
import { writeSafetensors } from '../../../support/safetensorsFile.js';

const goldens = join(import.meta.dirname, '../../../goldens/quantised');
const schemes = readdirSync(goldens, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Tried in every role; the others as the target, and in all roles at once. */
const thorough = ['block-fp8', 'gptq-4bit-act-order', 'bnb-nf4-nested'];

type Role = (typeof roles)[number];

/** The only weight of a golden: its name, shape and right values. */
interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

function weightOf(scheme: string): Weight {
  const file = readFileSync(join(goldens, scheme, 'expected.safetensors'));
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + headerLength)) as Record<string, { shape: number[] }>;
  const [name, { shape }] = Object.entries(header).find(([key]) => key !== '__metadata__')!;
  const count = shape.reduce((product, size) => product * size, 1);
  return { name, shape, values: decodeToFloat64('F32', file.subarray(8 + headerLength), count) };
}

function modelTypeOf(scheme: string): string {
  return (JSON.parse(readFileSync(join(goldens, scheme, 'config.json'), 'utf8')) as { model_type: string }).model_type;
}

/** Another BF16 weight of the same size. */
function plainValues({ values }: Weight, seed: number): Float64Array {
  const near = values.map((value, i) => value * (1 + seed / 8) + Math.sin(i * seed) / 64);
  return decodeToFloat64('BF16', encodeFromFloat64('BF16', near), near.length);
}

describe('a combination of quantised versions', () => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.make();
  });
  afterEach(() => space.remove());

  /** Writes the three versions, and says what values each has. */
  async function writeVersions(scheme: string, quantised: readonly Role[]): Promise<Readonly<Record<Role, Float64Array>>> {
    const weight = weightOf(scheme);
    const entries = await Promise.all(
      roles.map(async (role, seed) => {
        if (quantised.includes(role)) {
          await cp(join(goldens, scheme), space.path(role), { recursive: true });
          return [role, weight.values] as const;
        }
        const values = plainValues(weight, seed + 1);
        const tensor = { name: weight.name, dtype: 'BF16', shape: weight.shape, bytes: encodeFromFloat64('BF16', values) } as const;
        await writeSafetensors(space.path(role, 'model.safetensors'), [tensor]);
        await writeFile(space.path(role, 'config.json'), JSON.stringify({ model_type: modelTypeOf(scheme) }));
        return [role, values] as const;
      }),
    );
    return Object.fromEntries(entries) as Record<Role, Float64Array>;
  }

  function plan(scale: number, more: Partial<CombineRequest> = {}): Promise<CombinePlan> {
    const inputs = roles.map((role) => ({ role, path: space.path(role), expect: 'checkpoint' as const }));
    return planCombine(
      combineRequest({ combination: transfer('target', 'finetuned', 'base', scale), inputs, output: space.path('out'), ...more }),
    );
  }

  for (const scheme of schemes) {
    it(`${scheme}: the values are combined exactly, whichever versions are quantised, and verified`, async () => {
      for (const quantised of thorough.includes(scheme) ? subsets(roles) : ([['target'], [...roles]] as Role[][])) {
        const { target, finetuned, base } = await writeVersions(scheme, quantised);
        const { name } = weightOf(scheme);
        const planned = await plan(0.75, { dtype: 'F32', include: [name], output: space.path(`out ${quantised.join()}`) });
        assert.deepEqual(planned.refusals, []);
        await runCombine(planned, { sync: false, workers: 1 });
        const expected = target.map((value, i) => value + 0.75 * (finetuned[i]! - base[i]!));
        const written = await tensorBytes(planned.output);
        assert.deepEqual(
          [...written.keys()].filter((key) => !key.includes('norm')),
          [name],
        );
        assert.deepEqual(written.get(name), Buffer.from(encodeFromFloat64('F32', expected)), `${quantised.join()} of ${scheme}`);
        assert.deepEqual((await verify(planned.output, { deep: true, workers: 1 })).differences, []);
        const config = JSON.parse(readFileSync(join(planned.output, 'config.json'), 'utf8')) as object;
        assert.deepEqual(Object.keys(config), ['model_type', 'torch_dtype']);
      }
    });
  }
});

describe('a decoded tensor of several chunks', () => {
  const name = 'model.layers.0.mlp.up_proj.weight';
  const [rows, columns] = [1000, 3000];
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.make();
    const config = { model_type: 'llama', quantization_config: { quant_method: 'fp8', weight_block_size: [128, 128] } };
    for (const [seed, role] of roles.entries()) {
      const codes = Uint8Array.from({ length: rows * columns }, (_, i) => ((i * 31 + seed * 7) % 120) + (i % 2) * 128);
      const scales = Float32Array.from({ length: 8 * 24 }, (_, i) => 0.01 + (i + seed) / 1000);
      await writeSafetensors(space.path(role, 'model.safetensors'), [
        { name, dtype: 'F8_E4M3', shape: [rows, columns], bytes: codes },
        { name: `${name}_scale_inv`, dtype: 'F32', shape: [8, 24], bytes: new Uint8Array(scales.buffer) },
      ]);
      await writeFile(space.path(role, 'config.json'), JSON.stringify(config));
    }
  });
  afterEach(() => space.remove());

  function plan(output: string): Promise<CombinePlan> {
    const inputs = roles.map((role) => ({ role, path: space.path(role), expect: 'checkpoint' as const }));
    const combination = transfer('target', 'finetuned', 'base', 0.3);
    return planCombine(combineRequest({ combination, inputs, output: space.path(output), dtype: 'BF16', resume: true }));
  }

  it('is the same after an interruption in its middle, whatever the number of workers', async () => {
    const stop = new AbortController();
    const interrupted = runCombine(await plan('resumed'), {
      sync: false,
      workers: 1,
      keepPartial: true,
      signal: stop.signal,
      onProgress: ({ doneBytes, totalBytes }) => {
        if (doneBytes > totalBytes / 4) stop.abort(new Error('stopped'));
      },
    });
    await assert.rejects(interrupted, /stopped/);
    await runCombine(await plan('resumed'), { sync: false, workers: 2, resume: true });
    await runCombine(await plan('whole'), { sync: false, workers: 2 });
    assert.deepEqual(await tensorBytes(space.path('resumed')), await tensorBytes(space.path('whole')));
  });

  it('is found where it was damaged', async () => {
    await runCombine(await plan('out'), { sync: false, workers: 2 });
    const weights = space.path('out', 'model.safetensors');
    const bytes = readFileSync(weights);
    bytes[bytes.length - 3]! ^= 0x10;
    bytes[bytes.length - 2_000_001]! ^= 0x10;
    await writeFile(weights, bytes);
    const { differences } = await verify(space.path('out'), { deep: true, workers: 2 });
    assert.deepEqual(differences.map((difference) => [difference.kind, difference.name]), [['tensor', name]]); // prettier-ignore
  });
});

function subsets<Item>(items: readonly Item[]): Item[][] {
  const all = items.reduce<Item[][]>((found, item) => [...found, ...found.map((subset) => [...subset, item])], [[]]);
  return all.filter((subset) => subset.length > 0);
}
