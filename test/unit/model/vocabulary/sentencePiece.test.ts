import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readTekken, readTiktoken, readVocabJson, readVocabText } from '../../../../src/model/vocabulary/plainVocabularies.js';
import { readSentencePiece, SentencePieceFault } from '../../../../src/model/vocabulary/sentencePiece.js';
import { pieceModel } from '../../../support/pieceModel.js';

describe('pieces of a SentencePiece model', () => {
  const trained = (JSON.parse(gunzipSync(readFileSync('test/goldens/tokenizer-files.json.gz')).toString()) as { pieces: string[] }).pieces;

  it('have the ids of their order, and say which are searched for in a text', () => {
    const { words, size, added } = readSentencePiece(
      pieceModel(['<unk>', 2], ['<s>', 3], ['▁the', 1], ['<0x0A>', 6], ['<tool>', 4], ['<x>', 5]),
    );
    assert.deepEqual(
      [...words.entries()],
      [
        ['<unk>', 0],
        ['<s>', 1],
        ['▁the', 2],
        ['<0x0A>', 3],
        ['<tool>', 4],
        ['<x>', 5],
      ],
    );
    assert.deepEqual(
      added.map(({ content, special }) => [content, special]),
      [
        ['<s>', true],
        ['<tool>', false],
        ['<x>', true],
      ],
    );
    assert.equal(size, 6);
  });

  it('are refused when they are cut off or changed, and never take long', () => {
    const bytes = Buffer.from(trained[0]!, 'base64');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }), fc.boolean(), (place, value, isCut) => {
        const damaged = isCut ? bytes.subarray(0, place) : Buffer.from(bytes);
        if (!isCut) damaged[place] = value;
        try {
          assert.ok(readSentencePiece(damaged).size > 0);
        } catch (error) {
          assert.ok(error instanceof SentencePieceFault, String(error));
        }
      }),
      { numRuns: 500, seed: 20261128 },
    );
  });

  it('are refused of anything else', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('{"a":1}'), Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]), Buffer.from([0x02])])
      assert.throws(() => readSentencePiece(bytes), SentencePieceFault);
  });
});

describe('other vocabularies', () => {
  it('read ranks of tiktoken, spelled as byte-level tokenizers do', () => {
    assert.deepEqual(
      [...readTiktoken('IQ== 0\nIHRoZQ== 1\n')!.words],
      [
        ['!', 0],
        ['Ġthe', 1],
      ],
    );
    assert.deepEqual([readTiktoken('IQ== x\n'), readTiktoken('')], [null, null]);
  });

  it('read tekken.json: special tokens first, then ranks up to the stated size', () => {
    const read = readTekken({
      config: { default_vocab_size: 5, default_num_special_tokens: 3 },
      vocab: ['IQ==', 'IHRoZQ==', 'Ig=='].map((bytes, rank) => ({ rank, token_bytes: bytes, token_str: null })),
      special_tokens: [{ rank: 1, token_str: '<s>' }],
    });
    assert.deepEqual(
      [...read!.words],
      [
        ['<SPECIAL_0>', 0],
        ['<s>', 1],
        ['<SPECIAL_2>', 2],
        ['!', 3],
        ['Ġthe', 4],
      ],
    );
    assert.equal(readTekken({ vocab: [] }), null);
  });

  it('read maps and lines', () => {
    assert.deepEqual(
      [...readVocabJson({ a: 1, b: 0 })!.words],
      [
        ['a', 1],
        ['b', 0],
      ],
    );
    assert.equal(readVocabJson({ a: 'x' }), null);
    assert.deepEqual(
      [...readVocabText('[PAD]\r\nfoo\r\n').words],
      [
        ['[PAD]', 0],
        ['foo', 1],
      ],
    );
  });
});
