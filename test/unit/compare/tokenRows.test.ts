import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompanionReader } from '../../../src/checkpoint/index.js';
import { tokenRowFindings } from '../../../src/compare/tokenRows.js';
import { openModel } from '../../../src/model/index.js';
import { readTokenNames } from '../../../src/model/vocabulary/index.js';
import { pieceModel } from '../../support/pieceModel.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { inOrder, tokenizerJson } from '../../support/tokenizerJson.js';

describe('rows of embeddings in a diff', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-rebase-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function write(name: string, file: string, content: string | Buffer): Promise<Awaited<ReturnType<typeof openModel>>> {
    await writeSafetensors(join(folder, name, 'model.safetensors'), [{ name: 'model.embed_tokens.weight', dtype: 'F32', shape: [3, 2] }]);
    await writeFile(join(folder, name, file), content);
    return openModel(join(folder, name));
  }

  const differing = [{ name: 'tokenizer.json', a: 'x', b: 'y' }];

  it('are said to stand for other tokens, where they do', async () => {
    const a = await write('a', 'tokenizer.json', tokenizerJson(inOrder('a', 'b', 'c')));
    const b = await write('b', 'tokenizer.json', tokenizerJson(inOrder('a', 'c', 'b')));
    const grown = await write('grown', 'tokenizer.json', tokenizerJson(inOrder('a', 'b', 'c'), { '<x>': 3 }));
    const [found] = await tokenRowFindings(a, b, differing, new CompanionReader());
    assert.match(found!.message, /^2 rows of the embeddings stand for other tokens in B than in A \(1: "b" and "c", 2: "c" and "b"\)/);
    assert.deepEqual(await tokenRowFindings(a, grown, differing, new CompanionReader()), []);
    assert.deepEqual(await tokenRowFindings(a, b, [], new CompanionReader()), []);
  });

  it('have the names of pieces where only a SentencePiece model lies beside them', async () => {
    const model = await write('pieces', 'tokenizer.model', pieceModel(['<unk>', 2], ['▁the', 1], ['x', 1]));
    assert.deepEqual(await readTokenNames(model, 'model.embed_tokens.weight', [1, 2, 7]), [' the', 'x', null]);
  });
});
