import assert from 'node:assert/strict';
import fc from 'fast-check';
import { shortenedApart, wrappedLines } from '../../../src/webview/model/labels.js';

describe('labels with little room', () => {
  it('are cut in the middle, and elsewhere where names differ there only', () => {
    assert.deepEqual(shortenedApart(['short', 'a-rather-long-name-1', 'a-rather-long-name-2'], 9), ['short', 'a-ra…me-1', 'a-ra…me-2']);
    assert.deepEqual(shortenedApart(['llama-1-instruct-base', 'llama-2-instruct-base'], 11), ['llama-1…ase', 'llama-2…ase']);
    assert.deepEqual(shortenedApart(['same-long-name', 'same-long-name'], 7), ['sam…ame', 'sam…ame']);
  });

  it('lose nothing in lines of a width (seed 3)', () => {
    assert.deepEqual(
      wrappedLines('Transfer matrix of name-one, name-two', 15, (text) => text.length),
      ['Transfer matrix', 'of name-one,', 'name-two'],
    );
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 }), { maxLength: 12 }), (words) => {
        const lines = wrappedLines(words.join(' '), 12, (text) => text.length);
        assert.equal(lines.join('').replaceAll(/\s/g, ''), words.join('').replaceAll(/\s/g, ''));
        assert.ok(lines.every(({ length }) => length <= 12));
      }),
      { seed: 3 },
    );
  });
});
