import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompanionReader } from '../../../../src/checkpoint/index.js';
import { VocabularyReader } from '../../../../src/model/vocabulary/index.js';
import { readGoldenFiles, writeGoldenCase } from '../../../support/tokenizerFiles.js';

describe('tokenizer files of a folder', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-rebase-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('give every token the id that transformers gives it', async () => {
    const golden = readGoldenFiles();
    for (const [index, each] of golden.cases.entries()) {
      const place = join(folder, `case-${index}`);
      await writeGoldenCase(place, golden, each);
      const read = await new VocabularyReader(new CompanionReader()).read(place);
      const { unread } = read!.odd;
      const found = [...read!.idOf].filter(([token]) => !unread.includes(token));
      const order = (a: readonly [string, number], b: readonly [string, number]): number => a[1] - b[1] || (a[0] < b[0] ? -1 : 1);
      assert.deepEqual(found.sort(order), [...each.vocabulary].sort(order), `${index} ${JSON.stringify(each.files)}`);
    }
  });
});
