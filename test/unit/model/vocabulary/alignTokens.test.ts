import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inOrder, tokenizerJson } from '../../../support/tokenizerJson.js';
import { alignByIndex } from '../../../../src/model/vocabulary/alignByIndex.js';
import { alignRows, alignTokens, type TokenAlignment } from '../../../../src/model/vocabulary/alignTokens.js';
import { isPlain, toRowRuns } from '../../../../src/model/vocabulary/rowRuns.js';
import { parseTokenizerVocabulary, type TokenizerVocabulary } from '../../../../src/model/vocabulary/tokenizerVocabulary.js';
import type { RowRun } from '../../../../src/model/vocabulary/index.js';

function vocabulary(words: Readonly<Record<string, number>>, added: Readonly<Record<string, number>> = {}): TokenizerVocabulary {
  return parseTokenizerVocabulary(Buffer.from(tokenizerJson(words, added)))!;
}

/** A transfer: target, fine-tuned version, base. */
function align(vocabularies: readonly TokenizerVocabulary[]): TokenAlignment {
  const inputs = vocabularies.map((one) => ({ vocabulary: one, isDifference: false, isWhole: () => false }));
  return alignTokens({ inputs, template: 0, contributors: [{ plus: 1, minus: 2 }], keepsPadding: true });
}

function alignRowRuns(alignment: TokenAlignment, rowCounts: readonly number[]): RowRun[] {
  return toRowRuns(alignRows(alignment, rowCounts));
}

/** The values of rows that runs describe, where row r of input i is the number `values[i][r]`. */
function evaluate(runs: readonly RowRun[], values: readonly (readonly number[])[], scale: number): number[] {
  return runs.flatMap(({ count, sources, copied }) =>
    Array.from({ length: count }, (_, row) => {
      const [target, finetuned, base] = sources.map((first, input) => (first === null ? null : values[input]![first + row]!));
      if (copied) return (target ?? finetuned ?? base)!;
      return (target ?? 0) + scale * ((finetuned ?? 0) - (base ?? 0));
    }),
  );
}

describe('vocabulary of a tokenizer.json', () => {
  it('reads words, added tokens and the next id', () => {
    const read = vocabulary(inOrder('a', 'b'), { '<x>': 2 });
    assert.deepEqual(
      [...read.idOf],
      [
        ['a', 0],
        ['b', 1],
        ['<x>', 2],
      ],
    );
    assert.deepEqual([read.tokenOf(2), read.tokenOf(4), read.added.get('<x>')?.special], ['<x>', null, true]);
    assert.deepEqual([read.nextId, read.nextAddedId], [3, 3]);
  });

  it('reads the scored list of a Unigram model', () => {
    const text = JSON.stringify({
      model: {
        type: 'Unigram',
        vocab: [
          ['<unk>', 0],
          ['▁the', -3.5],
        ],
      },
    });
    assert.deepEqual(
      [...parseTokenizerVocabulary(Buffer.from(text))!.idOf],
      [
        ['<unk>', 0],
        ['▁the', 1],
      ],
    );
  });

  it('leaves out ids that no model has rows for', () => {
    assert.deepEqual([...vocabulary({ a: 0, b: 2 ** 40 }, { c: 2 ** 31 }).idOf], [['a', 0]]);
  });

  it('is null for anything else', () => {
    for (const text of [
      '',
      '{',
      '[]',
      '{}',
      '{"model":{}}',
      '{"model":{"vocab":3}}',
      '{"model":{"vocab":{"a":-1}}}',
      '{"model":{"vocab":{"a":0}}',
    ])
      assert.equal(parseTokenizerVocabulary(Buffer.from(text)), null, text);
  });
});

describe('rows matched by token', () => {
  it('are single runs where the vocabularies agree, and added tokens follow', () => {
    const base = vocabulary(inOrder('a', 'b', 'c'));
    const finetuned = vocabulary(inOrder('a', 'b', 'c'), { '<x>': 3, '<y>': 4 });
    assert.deepEqual(alignRowRuns(align([base, finetuned, base]), [3, 5, 3]), [
      { count: 3, sources: [0, 0, 0], copied: false },
      { count: 2, sources: [null, 3, null], copied: true },
    ]);
  });

  it('keep padding rows, and put added tokens into the first of them', () => {
    const base = vocabulary(inOrder('a', 'b'));
    const finetuned = vocabulary(inOrder('a', 'b'), { '<x>': 2 });
    assert.deepEqual(alignRowRuns(align([base, finetuned, base]), [4, 3, 2]), [
      { count: 2, sources: [0, 0, 0], copied: false },
      { count: 1, sources: [null, 2, null], copied: true },
      { count: 1, sources: [3, null, null], copied: true },
    ]);
  });

  it('follow permuted vocabularies', () => {
    const target = vocabulary({ a: 0, b: 1, c: 2, d: 3 });
    const finetuned = vocabulary({ a: 2, b: 3, c: 0, d: 1 });
    assert.deepEqual(alignRowRuns(align([target, finetuned, finetuned]), [4, 4, 4]), [
      { count: 2, sources: [0, 2, 2], copied: false },
      { count: 2, sources: [2, 0, 0], copied: false },
    ]);
  });

  it('keep the target where there is no difference, and leave out words it gave up', () => {
    const target = vocabulary(inOrder('a', 'new', 'pad'));
    const finetuned = vocabulary(inOrder('a', 'old', 'pad'));
    const base = vocabulary(inOrder('a', 'old'));
    const alignment = align([target, finetuned, base]);
    assert.deepEqual(
      [...alignRows(alignment, [3, 3, 2])].map(({ token, kind }) => [token, kind]),
      [
        ['a', 'combined'],
        ['new', 'kept'],
        ['pad', 'without-difference'],
      ],
    );
    assert.deepEqual([alignment.added, alignment.leftOut], [[], ['old']]);
  });

  it('have zeros where a tokenizer knows tokens that no tensor has rows for', () => {
    const target = vocabulary(inOrder('a', 'b', 'c'));
    const finetuned = vocabulary(inOrder('a', 'b', 'c'), { '<x>': 3, '<y>': 4 });
    assert.deepEqual(alignRowRuns(align([target, finetuned, target]), [2, 4, 2]), [
      { count: 2, sources: [0, 0, 0], copied: false },
      { count: 1, sources: [null, null, null], copied: false },
      { count: 1, sources: [null, 3, null], copied: true },
      { count: 1, sources: [null, null, null], copied: false },
    ]);
  });

  it('agree with a table of values looked up token by token', () => {
    const tokens = Array.from('abcdefgh');
    const version = fc
      .record({
        ids: fc.shuffledSubarray(
          Array.from({ length: 10 }, (_, id) => id),
          { minLength: 8, maxLength: 8 },
        ),
        chosen: fc.subarray(tokens),
        special: fc.subarray(tokens),
        rows: fc.integer({ min: 0, max: 12 }),
      })
      .map(({ ids, chosen, special, rows }) => {
        const entries = chosen.map((token, index) => [token, ids[index]!] as const);
        const added = Object.fromEntries(entries.filter(([token]) => special.includes(token)));
        return { ids: new Map(entries), special: new Set(special), vocabulary: vocabulary(Object.fromEntries(entries), added), rows };
      });
    fc.assert(
      fc.property(version, version, version, fc.constantFrom(1, 0.25, -1), (target, finetuned, base, scale) => {
        const versions = [target, finetuned, base];
        const values = versions.map(({ rows }, input) => Array.from({ length: rows }, (_, row) => 1000 * (input + 1) + row));
        const runs = alignRowRuns(
          align(versions.map((one) => one.vocabulary)),
          versions.map(({ rows }) => rows),
        );
        assert.deepEqual(evaluate(runs, values, scale), expectedRows(target, finetuned, base, values, scale));
      }),
      { numRuns: 3000, seed: 20261123 },
    );
  });
});

interface Version {
  readonly ids: ReadonlyMap<string, number>;
  readonly special: ReadonlySet<string>;
}

/** The same decisions, token by token on plain maps. */
function expectedRows(target: Version, finetuned: Version, base: Version, values: readonly (readonly number[])[], scale: number): number[] {
  const [rowsT, rowsF, rowsB] = values as [number[], number[], number[]];
  const result = [...rowsT];
  const ids = new Map(target.ids);
  for (const [token, id] of target.ids) {
    const f = rowsF[finetuned.ids.get(token) ?? -1];
    const b = rowsB[base.ids.get(token) ?? -1];
    if (id < rowsT.length && f !== undefined && b !== undefined) result[id] = rowsT[id]! + scale * (f - b);
  }
  let next = Math.max(-1, ...target.ids.values()) + 1;
  for (const [token, id] of [...finetuned.ids].sort((x, y) => x[1] - y[1])) {
    if (target.ids.has(token) || (base.ids.has(token) && !finetuned.special.has(token))) continue;
    while (result.length <= next) result.push(0);
    ids.set(token, next);
    result[next++] = rowsF[id] ?? 0;
  }
  const versions = [target, finetuned, base];
  if (versions.every((version) => [...version.ids].every(([token, id]) => (ids.get(token) ?? id) === id)))
    carryUnnamed(result, ids, versions, values, scale);
  return result;
}

/** Where every token has one id everywhere, rows without a token correspond by their index. */
function carryUnnamed(
  result: number[],
  ids: ReadonlyMap<string, number>,
  versions: readonly Version[],
  values: readonly (readonly number[])[],
  scale: number,
): void {
  const named = new Set(ids.values());
  const at = (version: number, row: number): number | undefined =>
    [...versions[version]!.ids.values()].includes(row) ? undefined : values[version]![row];
  for (let row = 0; row < values[1]!.length; row++) {
    const [t, f, b] = [values[0]![row], at(1, row), at(2, row)];
    if (named.has(row) || f === undefined) continue;
    while (result.length <= row) result.push(0);
    result[row] = t !== undefined && b !== undefined ? t + scale * (f - b) : f;
  }
}

describe('rows matched by index', () => {
  it('pad base and target with zeros, as the paper does', () => {
    assert.deepEqual(toRowRuns(alignByIndex([4, 7, 4], 0, [0, 1])), [
      { count: 4, sources: [0, 0, 0], copied: false },
      { count: 3, sources: [null, 4, null], copied: false },
    ]);
    assert.deepEqual(toRowRuns(alignByIndex([4, 7, 5], 0, [0, 1])), [
      { count: 4, sources: [0, 0, 0], copied: false },
      { count: 1, sources: [null, 4, 4], copied: false },
      { count: 2, sources: [null, 5, null], copied: false },
    ]);
  });

  it('keep the target where the fine-tuned version has fewer rows', () => {
    assert.deepEqual(toRowRuns(alignByIndex([4, 3, 4], 0, [0, 1])), [
      { count: 3, sources: [0, 0, 0], copied: false },
      { count: 1, sources: [3, null, null], copied: true },
    ]);
  });

  it('are plain where all are equally many', () => {
    assert.equal(isPlain(toRowRuns(alignByIndex([4, 4, 4], 0, [0, 1]))), true);
    assert.equal(isPlain(toRowRuns(alignByIndex([4, 3, 4], 0, [0, 1]))), false);
  });
});
