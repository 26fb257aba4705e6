import assert from 'node:assert/strict';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { transfer } from '../../../src/combine/index.js';
import { defaultSettings, evaluate } from '../../../src/evaluate/index.js';
import type { SettingsChoice } from '../../../src/combine/request.js';
import { openModel } from '../../../src/model/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { tokenizerJson, inOrder } from '../../support/tokenizerJson.js';

type Config = Readonly<Record<string, unknown>>;

const goldens = join(__dirname, '../../goldens/evaluate');
const letters = Array.from({ length: 61 }, (_, index) => String.fromCharCode(48 + index));
const text = Array.from({ length: 120 }, (_, index) => letters[(index * index + 7 * index) % 61]!).join('');

const yarn = { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 8 };
const eps = { rms_norm_eps: [1e-3, 0.1] };
const rope = { rope_theta: [200, 5000], rope_scaling: [null, { type: 'linear', factor: 2 }, yarn] };
const gemma = { ...eps, rope_theta: [200, 5000], query_pre_attn_scalar: [7, 30], sliding_window: [3], final_logit_softcapping: [null, 2] };

/** What a fine-tune may change in a family: fields as transformers 4 spells them, and values. */
const changesOf: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  llama: { ...eps, ...rope },
  'llama-3': { ...eps, ...rope },
  'llama-yarn': { ...eps, ...rope },
  mistral: { ...eps, ...rope, sliding_window: [3, null] },
  qwen2: { ...eps, ...rope, sliding_window: [2], use_sliding_window: [false, true], max_window_layers: [0, 2] },
  qwen3: { ...eps, ...rope },
  olmo2: { ...eps, ...rope },
  phi3: { ...eps, rope_theta: [200, 5000], sliding_window: [3, null] },
  gpt2: { layer_norm_epsilon: [0.01, 0.3], scale_attn_weights: [false] },
  gpt_neox: { layer_norm_eps: [0.01, 0.3], rotary_emb_base: [30, 700], rotary_pct: [0.5] },
  gemma2: { ...gemma, attn_logit_softcapping: [null, 1] },
  gemma3_text: { ...gemma, rope_local_base_freq: [70], rope_scaling: [null, { rope_type: 'linear', factor: 3 }] },
  gemma3: { ...gemma, rope_local_base_freq: [70], sliding_window_pattern: [2, 3] },
};

/** A family, what its fine-tune changed, and which of base, fine-tuned version and target are spelled as in transformers 5. */
const anyCase = fc.constantFrom(...Object.keys(changesOf)).chain((family) =>
  fc.record({
    family: fc.constant(family),
    changes: fc.record(
      Object.fromEntries(Object.entries(changesOf[family]!).map(([field, values]) => [field, fc.constantFrom(...values)])),
      { requiredKeys: [] },
    ),
    isNew: fc.record({ b: fc.boolean(), f: fc.boolean(), t: fc.boolean() }),
  }),
);

describe('settings of a fine-tune', function () {
  this.timeout(300_000);
  const at = temporaryFolder();

  before(async () => {
    await writeFile(at('text.txt'), text);
    for (const family of Object.keys(changesOf)) {
      for (const role of ['b', 't', 'f'])
        await cp(join(goldens, family, 'model.safetensors'), at(`${family}-${role}`, 'model.safetensors'));
      await moveWeights(at(`${family}-f`, 'model.safetensors'));
      for (const role of ['b', 't', 'f']) await writeFile(at(`${family}-${role}`, 'tokenizer.json'), tokenizerJson(inOrder(...letters)));
    }
  });

  it('are transferred with it: base + (finetuned − base) scores as the fine-tuned version, in any spelling', async () => {
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ family, changes, isNew }) => {
        await writeConfigs(family, changes, isNew);
        const { transferred, finetuned, kept } = await scores(family);
        assert.deepEqual(transferred, finetuned);
        if (JSON.stringify(kept) !== JSON.stringify(finetuned)) changed++;
      }),
      { numRuns: 24 },
    );
    assert.ok(changed > 6, `settings changed scores in ${changed} of 24 cases only`);
  });

  async function writeConfigs(family: string, changes: Config, isNew: Readonly<Record<'b' | 'f' | 't', boolean>>): Promise<void> {
    const own = legacy(JSON.parse(await readFile(join(goldens, family, 'config.json'), 'utf8')) as Config);
    const after = inText(own, (fields) => ({ ...fields, ...changes }));
    for (const [role, config] of [
      ['b', own],
      ['t', own],
      ['f', after],
    ] as const) {
      await mkdir(at(`${family}-${role}`), { recursive: true });
      const spelled = isNew[role] ? inText(config, modern) : config;
      await writeFile(at(`${family}-${role}`, 'config.json'), JSON.stringify(spelled, null, 2));
    }
  }

  async function scores(family: string): Promise<Record<'transferred' | 'finetuned' | 'kept', readonly number[]>> {
    const inputs = ['t', 'f', 'b'].map((role) => ({ role, path: at(`${family}-${role}`), expect: 'checkpoint' as const }));
    const combination = transfer('t', 'f', 'b');
    const alone = { steps: [{ scale: 1, plus: 'f', minus: null }] };
    const score = async (settings: SettingsChoice): Promise<readonly (readonly number[])[]> => {
      const choices = { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings } as const;
      const candidates = [
        { label: 'transfer', combination },
        { label: 'finetuned', combination: alone },
      ];
      const options = { ...defaultSettings, window: 16, cacheFolder: null };
      const report = await evaluate({ inputs, candidates, tasks: [at('text.txt')], choices, settings: options });
      return report.candidates.map(({ scores: [first] }) => (first?.kind === 'loss' ? first.itemNats : []));
    };
    const [transferred = [], finetuned = []] = await score('merged');
    const [kept = []] = await score('target');
    return { transferred, finetuned, kept };
  }
});

/** Moves every value a little, as training does. */
async function moveWeights(path: string): Promise<void> {
  const { tensors } = await openModel(path);
  const bytes = Buffer.from(await readFile(path));
  for (const { start, byteLength } of tensors) {
    for (let offset = start; offset < start + byteLength; offset += 4)
      bytes.writeFloatLE(bytes.readFloatLE(offset) * (1 + 0.05 * Math.sin(offset)), offset);
  }
  await writeFile(path, bytes);
}

/** Changes the settings of the language model, wherever a config has them. */
function inText(config: Config, change: (fields: Config) => Config): Config {
  const part = config['text_config'] as Config | undefined;
  return part === undefined ? change(config) : { ...config, text_config: change(part) };
}

/** A config as transformers 4 writes it: goldens are in either spelling. */
function legacy(config: Config): Config {
  return inText(config, ({ rope_parameters: parameters, ...others }) => {
    const fields: Config = { ...others, layer_types: undefined };
    if (parameters === undefined) return fields;
    const { full_attention: full, sliding_attention: sliding, ...flat } = parameters as Record<string, Record<string, unknown>>;
    const { rope_theta: theta, partial_rotary_factor: share, ...scaling } = full ?? flat;
    const isScaled = scaling['rope_type'] !== 'default';
    return {
      ...fields,
      ...(fields['model_type'] === 'gpt_neox' ? { rotary_emb_base: theta, rotary_pct: share ?? 1 } : { rope_theta: theta }),
      ...(sliding === undefined ? {} : { rope_local_base_freq: sliding['rope_theta'], sliding_window_pattern: 2 }),
      ...(isScaled ? { rope_scaling: scaling } : {}),
    };
  });
}

/** The same settings as transformers 5 writes them. */
function modern(config: Config): Config {
  const {
    rope_theta: theta,
    rope_scaling: scaling,
    rope_local_base_freq: local,
    rotary_emb_base: base,
    rotary_pct: share,
    ...fields
  } = config;
  const { type, ...factors } = { ...(scaling as Record<string, unknown> | null | undefined) };
  const kind = { rope_type: type ?? 'default', ...factors };
  switch (config['model_type']) {
    case 'gpt2':
      return config;
    case 'gpt_neox':
      return { ...fields, rope_parameters: { ...kind, rope_theta: base ?? 10_000, partial_rotary_factor: share ?? 0.25 } };
    case 'gemma3_text':
      return {
        ...fields,
        rope_parameters: {
          full_attention: { ...kind, rope_theta: theta ?? 1_000_000 },
          sliding_attention: { rope_type: 'default', rope_theta: local ?? 10_000 },
        },
      };
    default:
      return { ...fields, rope_parameters: { ...kind, rope_theta: theta ?? 10_000 } };
  }
}
