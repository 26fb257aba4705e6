import assert from 'node:assert/strict';
import {
  boolean,
  count,
  finite,
  listOf,
  number,
  object,
  oneOf,
  optional,
  orAbsent,
  orNull,
  pairOf,
  text,
  variants,
  where,
} from '../../../../src/base/json/decode.js';

interface Shape {
  readonly name: string;
  readonly note?: string;
  readonly sizes: readonly number[];
  readonly loss: number | null;
  readonly status: 'new' | 'old';
}

const shape = object<Shape>({
  name: text,
  note: optional(text),
  sizes: listOf(count),
  loss: orNull(number),
  status: orAbsent(oneOf(['new', 'old']), 'old'),
});

describe('decoding JSON', () => {
  const given = { name: 'NaN', sizes: [1, 2], loss: 'NaN', status: 'new', other: 1 };

  it('gives what was asked for, numbers that JSON cannot write included, and nothing else', () => {
    assert.deepEqual(shape(given), { name: 'NaN', sizes: [1, 2], loss: NaN, status: 'new' });
    assert.deepEqual(shape({ ...given, status: undefined, note: 'x', loss: null }), {
      name: 'NaN',
      note: 'x',
      sizes: [1, 2],
      loss: null,
      status: 'old',
    });
  });

  it('refuses with place, finding and expectation', () => {
    const refusals: [unknown, string][] = [
      [3, 'it is 3, expected an object'],
      [{ ...given, name: 1 }, 'name is 1, expected a text'],
      [{ ...given, sizes: [1, -1] }, 'sizes[1] is -1, expected a whole number from 0'],
      [{ ...given, loss: '1' }, 'loss is "1", expected a number'],
      [{ ...given, sizes: undefined }, 'sizes is missing, expected a list'],
      [{ ...given, status: 'NEW' }, 'status is "NEW", expected "new" or "old"'],
      [Object.create({ ...given }), 'name is missing, expected a text'],
    ];
    for (const [value, message] of refusals) assert.throws(() => shape(value), { name: 'DecodeError', message });
    assert.throws(() => listOf(shape)([given, { ...given, sizes: [0.5] }]), {
      message: '[1].sizes[0] is 0.5, expected a whole number from 0',
    });
    assert.throws(() => finite(Infinity), { name: 'DecodeError' });
    assert.throws(() => listOf(boolean, 2)([true]), { message: 'it is [true], expected a list of 2' });
    assert.throws(() => pairOf(text, count)(['a', 'b']), { message: '[1] is "b", expected a whole number from 0' });
    assert.throws(() => where(count, (value) => value < 3, 'a whole number below 3')(3), {
      message: 'it is 3, expected a whole number below 3',
    });
  });

  it('chooses among kinds', () => {
    type Either = { readonly kind: 'a'; readonly x: number } | { readonly kind: 'b'; readonly y: string };
    const either = variants<'kind', Either>('kind', {
      a: object({ kind: oneOf(['a']), x: finite }),
      b: object({ kind: oneOf(['b']), y: text }),
    });
    assert.deepEqual(either({ kind: 'b', y: 'z', x: 1 }), { kind: 'b', y: 'z' });
    assert.throws(() => either({ kind: 'toString' }), { message: 'kind is "toString", expected "a" or "b"' });
    assert.throws(() => either({ kind: 'a', x: '1' }), { message: 'x is "1", expected a number' });
  });
});
