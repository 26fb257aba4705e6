import assert from 'node:assert/strict';
import {
  boolean,
  condition,
  count,
  fields,
  listOf,
  number,
  oneOf,
  only,
  orNull,
  placeOf,
  text,
  type Check,
} from '../../../src/base/json/check.js';

const check = fields({
  name: text,
  version: only(1),
  kind: oneOf(['a', 'b']),
  items: listOf(
    fields({ size: count, share: orNull(number), done: boolean, rows: listOf(listOf(condition((value) => value !== 13, 'lucky'))) }),
  ),
});

const item = { size: 3, share: null, done: true, rows: [[1], []] };
const right = { name: 'x', version: 1, kind: 'b', items: [item, { ...item, share: 0.5, more: 1 }], more: {} };

function faultOf(value: unknown, by: Check = check): string | null {
  const fault = by(value);
  return fault === null ? null : `${placeOf(fault, 'the file')} is not ${fault.expected}`;
}

describe('checks of JSON values', () => {
  it('accept what is right, and fields that they do not know', () => {
    assert.equal(faultOf(right), null);
  });

  it('name the place of the first fault and what has to stand there', () => {
    assert.equal(faultOf(7), 'the file is not an object');
    assert.equal(faultOf([]), 'the file is not an object');
    assert.equal(faultOf({ ...right, name: undefined }), '"name" of the file is not a text');
    assert.equal(faultOf({ ...right, version: '1' }), '"version" of the file is not 1');
    assert.equal(faultOf({ ...right, kind: 'c' }), '"kind" of the file is not a, b');
    assert.equal(faultOf({ ...right, items: { 0: item } }), '"items" of the file is not a list');
    assert.equal(faultOf({ ...right, items: [item, null] }), '"items"[1] of the file is not an object');
    assert.equal(faultOf({ ...right, items: [{ ...item, size: -1 }] }), '"size" of "items"[0] of the file is not a whole number from 0');
    assert.equal(faultOf({ ...right, items: [{ ...item, rows: [[1], [2, 13]] }] }), '"rows"[1][1] of "items"[0] of the file is not lucky');
    assert.equal(faultOf(['x', 1], listOf(text)), 'the file[1] is not a text');
  });
});
