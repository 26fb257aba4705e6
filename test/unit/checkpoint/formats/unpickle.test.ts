import assert from 'node:assert/strict';
import { PickleFault, unpickle, type PickleValue } from '../../../../src/checkpoint/formats/pickle/index.js';

const bytes = (...parts: readonly (string | Uint8Array)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
const read = (...parts: readonly (string | Uint8Array)[]): PickleValue => unpickle(bytes(...parts)).value;
const faultOf = (...parts: readonly (string | Uint8Array)[]): PickleFault => {
  try {
    return assert.fail(JSON.stringify(read(...parts)));
  } catch (error) {
    assert.ok(error instanceof PickleFault, String(error));
    return error;
  }
};
const tuple = (...items: PickleValue[]): PickleValue => ({ kind: 'tuple', items });
const uint32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const uint64 = (value: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(value).buffer);

describe('pickles as data', () => {
  // expectations are what Python's pickle.loads gives
  const values: readonly (readonly [what: string, pickle: string, value: PickleValue])[] = [
    ['integers as text', '(I-12\nI01\nI00\nL123456789012345678901L\nt.', tuple(-12, true, false, 123456789012345678901n)],
    ['integers in bytes', '(J\xff\xff\xff\xffK\xffM\xff\xff\x8a\x00\x8a\x01\xff\x8a\x02\xff\x00t.', tuple(-1, 255, 65535, 0, -1, 255)],
    ['a long of four bytes of length', '\x8b\x09\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01.', 2n ** 64n],
    ['floats', '(F1.5\nFnan\nF-inf\nG\xbf\xf0\x00\x00\x00\x00\x00\x00t.', tuple(1.5, NaN, -Infinity, -1)],
    ['text of protocol 0', `(S'a\\n\\x41\\101\\'b'\nS"it's"\nV\\u00e9\\U0001f600\nt.`, tuple("a\nAA'b", "it's", 'é😀')],
    [
      'text and bytes',
      '(X\x02\x00\x00\x00\xc3\xa9\x8c\x01aU\x01\xe9T\x01\x00\x00\x00bC\x01\x00t.',
      tuple('é', 'a', 'é', 'b', Buffer.from([0])),
    ],
    [
      'containers',
      '(](K\x01K\x02e}(K\x01K\x02u\x8f(K\x01\x90t.',
      tuple({ kind: 'list', items: [1, 2] }, { kind: 'dict', entries: [[1, 2]] }, { kind: 'set', items: [1] }),
    ],
    ['what is shared', '\x80\x04]\x94(h\x00h\x00t.', tuple({ kind: 'list', items: [] }, { kind: 'list', items: [] })],
    ['frames', '\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00K\x01.', 1],
  ];
  for (const [what, pickle, value] of values) it(what, () => assert.deepEqual(read(pickle), value));

  it('ends where it says so, whatever follows', () => assert.equal(unpickle(bytes('K\x01.garbage')).end, 3));

  it('values that are shared stay one', () => {
    const { items } = read(']q\x00(h\x00h\x00t.') as { items: PickleValue[] };
    assert.equal(items[0], items[1]);
  });
});

describe('malicious pickles', () => {
  it('a command stays a name with an argument', () =>
    assert.deepEqual(read("cposix\nsystem\n(S'touch /tmp/hacked'\ntR."), {
      kind: 'call',
      callee: { kind: 'global', module: 'posix', name: 'system' },
      args: ['touch /tmp/hacked'],
      state: undefined,
      items: [],
      entries: [],
    }));

  it('names that are special to JavaScript are entries like others', () => {
    const dict = read("}(S'__proto__'\n}S'constructor'\nK\x01u.") as { entries: unknown[] };
    assert.deepEqual(dict.entries, [
      ['__proto__', { kind: 'dict', entries: [] }],
      ['constructor', 1],
    ]);
    assert.equal(({} as Record<string, unknown>)['constructor'], Object);
  });

  it('a state is kept, not set', () => {
    const value = read("cbuiltins\nobject\n)R}S'a'\nK\x01sb.");
    assert.deepEqual((value as { state: unknown }).state, { kind: 'dict', entries: [['a', 1]] });
  });

  it('what holds itself is read', () => assert.ok(read(']q\x00h\x00a.')));

  it('a million lists in each other take no stack', () => assert.ok(read(']'.repeat(1_000_000), 'a'.repeat(999_999), '.')));

  it('doubling thirty times makes thirty lists', () => {
    const doubling = Array.from(
      { length: 30 },
      (_, i) => `](h${String.fromCharCode(i)}h${String.fromCharCode(i)}eq${String.fromCharCode(i + 1)}0`,
    );
    assert.ok(read(']q\x000', ...doubling, 'h\x1e.'));
  });

  const faults: readonly (readonly [what: string, parts: readonly (string | Uint8Array)[], problem: RegExp])[] = [
    ['an unknown instruction', ['\xff.'], /no instruction 255/],
    ['nothing', [''], /ends within/],
    ['a pop of nothing', ['0.'], /value is missing/],
    ['a value below the mark', ['K\x01(R.'], /value is missing/],
    ['no mark', ['t.'], /mark is missing/],
    ['nothing remembered', ['h\x05.'], /nothing is remembered/],
    ['a memo of minus one', ['K\x01p-1\n.'], /memo that is none/],
    ['a protocol to come', ['\x80\x06.'], /protocol 6/],
    ['a text longer than the file', ['X', uint32(0xffffffff), 'a.'], /ends within/],
    ['a text of 2^63 bytes', ['\x8d', uint64(2n ** 63n), 'a.'], /ends within/],
    ['a frame longer than the file', ['\x95', uint64(2n ** 40n), '.'], /ends within/],
    ['a negative length', ['\x8b', uint32(0xffffffff), '.'], /ends within|number of/],
    ['a number of a million digits', ['L', '9'.repeat(1_000_000), 'L\n.'], /number that is none/],
    ['a number of a million bytes', ['\x8b', uint32(1_000_000), 'x'.repeat(1_000_000), '.'], /number of 1000000 bytes/],
    ['a key without a value', ['}(K\x01u.'], /key without a value/],
    ['items for a number', ['K\x01(K\x02e.'], /no list/],
    ['a state for a list', [']K\x01b.'], /no object/],
    ['a global without text', ['K\x01K\x02\x93.'], /no text/],
    ['an extension', ['\x82\x01.'], /extension registry/],
    ['data elsewhere', ['\x97.'], /outside of the pickle/],
  ];
  for (const [what, parts, problem] of faults) it(what, () => assert.match(faultOf(...parts).problem, problem));
});
