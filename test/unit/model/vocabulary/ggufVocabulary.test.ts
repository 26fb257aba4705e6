import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { CompanionReader, openCheckpoint } from '../../../../src/checkpoint/index.js';
import { VocabularyReader } from '../../../../src/model/vocabulary/index.js';
import { buildGguf, f32Tensor, type GgufKey } from '../../../support/ggufFile.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

const architecture: GgufKey = ['general.architecture', 'string', 'qwen2'];

describe('the vocabulary of a GGUF file', () => {
  const at = temporaryFolder();

  async function read(name: string, keys: readonly GgufKey[]) {
    await writeFile(at(name), buildGguf({ keys, tensors: [f32Tensor('token_embd.weight', [2, 2], [1, 2, 3, 4])] }));
    const companions = new CompanionReader();
    return new VocabularyReader(companions).readOf(await openCheckpoint(at(name)));
  }

  it('has its tokens by row: special ones, added ones, and no rows that were only filled up', async () => {
    const tokens = ['a', 'Ġb', '<|end|>', '<tool>', '[PAD4]', '[PAD5]'];
    const vocabulary = await read('model.gguf', [
      architecture,
      ['tokenizer.ggml.tokens', 'array', 'string', tokens],
      ['tokenizer.ggml.token_type', 'array', 'i32', [1, 1, 3, 4, 5, 1]],
    ]);
    assert.deepEqual(
      [...vocabulary!.tokens()].map(({ id, token }) => `${id} ${token}`),
      ['0 a', '1 Ġb', '2 <|end|>', '3 <tool>', '5 [PAD5]'],
    );
    assert.deepEqual(
      [...vocabulary!.added.values()].map(({ content, special }) => [content, special]),
      [
        ['<|end|>', true],
        ['<tool>', false],
      ],
    );
  });

  it('is read whole, however long', async () => {
    const tokens = Array.from({ length: 40_000 }, (_, i) => `t${i}`);
    const types = tokens.map((_, i) => (i === 39_999 ? 3 : 1));
    const vocabulary = await read('long.gguf', [
      architecture,
      ['tokenizer.ggml.tokens', 'array', 'string', tokens],
      ['tokenizer.ggml.token_type', 'array', 'i32', types],
    ]);
    assert.equal(vocabulary!.tokenOf(31_415), 't31415');
    assert.deepEqual([...vocabulary!.added.keys()], ['t39999']);
  });

  it('is that of the files beside it where the file has none, and null where there is nothing', async () => {
    assert.equal(await read('none.gguf', [architecture]), null);
    await writeFile(at('vocab.txt'), 'x\ny\n');
    assert.equal((await read('beside.gguf', [architecture]))?.tokenOf(1), 'y');
  });
});
