import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { CompanionReader } from '../../../src/checkpoint/index.js';
import type { CombinePlan } from '../../../src/combine/plan.js';
import { VocabularyReader } from '../../../src/model/vocabulary/index.js';
import { ModelBench, tensor } from './support/models.js';

type Role = 'target' | 'finetuned' | 'base';

/** What `scripts/goldens/output_tokenizer_goldens.py` records. */
interface Family {
  readonly models: Readonly<Record<Role, FamilyMember>>;
  readonly ids: Readonly<Record<Role | 'output', Readonly<Record<string, number>>>>;
}

interface FamilyMember {
  readonly rows: number;
  readonly untouched?: readonly number[];
  readonly files: Readonly<Record<string, object>>;
}

describe('tokenizer files of an output', () => {
  const bench = new ModelBench();
  const folders = { target: 't', finetuned: 'f', base: 'b' } as const;
  const { cases } = JSON.parse(gunzipSync(readFileSync('test/goldens/output-tokenizers.json.gz')).toString()) as {
    cases: readonly Family[];
  };

  async function write(role: Role, first: number, { rows, untouched = [], files }: FamilyMember): Promise<void> {
    const values = Float32Array.from({ length: rows }, (_, row) => (untouched.includes(row) ? 3000 : first) + row);
    const weights = [
      tensor('model.embed_tokens.weight', [rows, 1], 'F32', new Uint8Array(values.buffer)),
      tensor('model.norm.weight', [1], 'F32'),
    ];
    const config = { model_type: 'llama', vocab_size: rows, tie_word_embeddings: true };
    await bench.write(folders[role], { shards: [weights], files: { ...files, 'config.json': config } });
  }

  async function writeOutput({ files }: CombinePlan): Promise<string> {
    const folder = bench.path('output');
    await mkdir(folder);
    for (const { name, content, sourcePath } of files)
      if (content === null) await copyFile(sourcePath!, `${folder}/${name}`);
      else await writeFile(`${folder}/${name}`, content);
    return folder;
  }

  for (const [index, { models, ids }] of cases.entries())
    it(`give every token the id that transformers reads from them (family ${index})`, async () => {
      const isSame = JSON.stringify(models.target) === JSON.stringify(models.base);
      for (const [role, first] of [
        ['target', isSame ? 3000 : 1000],
        ['finetuned', 2000],
        ['base', 3000],
      ] as const)
        await write(role, first, models[role]);
      const plan = await bench.plan();
      assert.deepEqual(plan.refusals, []);
      const output = await new VocabularyReader(new CompanionReader()).read(await writeOutput(plan));
      assert.deepEqual(Object.fromEntries(output!.idOf), ids.output);
      if (isSame) assert.deepEqual(ids.output, ids.finetuned);
    });
});
