import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CompanionReader } from '../../../../src/checkpoint/index.js';
import { VocabularyReader } from '../../../../src/model/vocabulary/index.js';

interface Golden {
  readonly pieces: readonly string[];
  readonly cases: readonly GoldenCase[];
}

interface GoldenCase {
  readonly files: Readonly<Record<string, unknown>>;
  readonly vocabulary: readonly (readonly [string, number])[];
}

describe('tokenizer files of a folder', () => {
  let folder: string;
  let golden: Golden;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-rebase-'));
    golden = JSON.parse(gunzipSync(await readFile('test/goldens/tokenizer-files.json.gz')).toString()) as Golden;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function write(name: string, files: GoldenCase['files']): Promise<string> {
    for (const [file, content] of Object.entries(files)) {
      const path = join(folder, name, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, contentOf(content));
    }
    return join(folder, name);
  }

  function contentOf(content: unknown): string | Buffer {
    if (typeof content === 'string') return content;
    const pieces = (content as { base64?: number }).base64;
    return pieces === undefined ? JSON.stringify(content) : Buffer.from(golden.pieces[pieces]!, 'base64');
  }

  it('give every token the id that transformers gives it', async () => {
    for (const [index, { files, vocabulary }] of golden.cases.entries()) {
      const read = await new VocabularyReader(new CompanionReader()).read(await write(`case-${index}`, files));
      const { unread } = read!.odd;
      const found = [...read!.idOf].filter(([token]) => !unread.includes(token));
      const order = (a: readonly [string, number], b: readonly [string, number]): number => a[1] - b[1] || (a[0] < b[0] ? -1 : 1);
      assert.deepEqual(found.sort(order), [...vocabulary].sort(order), `${index} ${JSON.stringify(files)}`);
    }
  });
});
