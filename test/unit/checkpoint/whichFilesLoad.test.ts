import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoint } from '../../../src/checkpoint/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';
import { filesOf, writeIndex, writeText, writeWeights } from '../../support/weightFolders.js';

describe('which files the libraries themselves load', () => {
  interface Golden {
    readonly files: readonly string[];
    readonly indices: Readonly<Record<string, readonly string[]>>;
    readonly named: string | null;
    readonly loads: Readonly<Record<'default' | 'fp16', readonly string[] | null>>;
  }

  it('transformers and diffusers agree wherever they load something that is there', async () => {
    const golden = JSON.parse(await readFile(join('test', 'goldens', 'which-files.json'), 'utf8')) as { cases: readonly Golden[] };
    let compared = 0;
    for (const { files, indices, named, loads } of golden.cases) {
      await inTemporaryFolder(async (folder) => {
        await writeWeights(folder, ...files);
        for (const [name, shards] of Object.entries(indices)) await writeIndex(folder, name, ...shards);
        if (named !== null) await writeText(join(folder, 'config.json'), JSON.stringify({ transformers_weights: named }));
        for (const [address, loaded] of [
          [folder, loads.default],
          [`${folder}#fp16`, loads.fp16],
        ] as const) {
          if (loaded?.every((file) => files.includes(file) && (file.endsWith('.safetensors') || file.endsWith('.bin'))) !== true) continue;
          assert.deepEqual(filesOf(await openCheckpoint(address)), loaded, JSON.stringify({ files, indices, named, address }));
          compared++;
        }
      });
    }
    assert.ok(compared > 150, `only ${compared} answers were compared`);
  });
});
