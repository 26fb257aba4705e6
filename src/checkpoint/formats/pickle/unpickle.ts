import { PickleCursor } from './pickleCursor.js';
import { Machine } from './pickleMachine.js';
import { isObject, type PickleCall, type PickleObject, type PickleValue } from './pickleValue.js';

/** A tensor takes about sixty of these. Each may make a value, which takes memory. */
const maxInstructions = 20_000_000;

/** What a pickle holds, and where it ends: others may follow. */
export interface Unpickled {
  readonly value: PickleValue;
  readonly end: number;
}

/**
 * Reads one pickle of protocol 0 to 5. Nothing is imported, called or built: see `PickleValue`. Time and memory are bound by the
 * length of the pickle, since every instruction makes at most one value, and shared values stay shared.
 * Source: https://github.com/python/cpython/blob/3.14/Lib/pickletools.py.
 * @throws PickleFault
 */
export function unpickle(bytes: Uint8Array): Unpickled {
  const machine = new Machine(new PickleCursor(bytes));
  for (let steps = 0; steps < maxInstructions; steps++) {
    const code = machine.cursor.byte();
    if (code === stop) return { value: machine.pop(), end: machine.cursor.position };
    const operation = operations.get(code);
    if (operation === undefined) return machine.cursor.fail(`there is no instruction ${code}`);
    operation(machine);
  }
  return machine.cursor.fail(`more than ${maxInstructions} instructions`);
}

const stop = 0x2e;

type Operation = (machine: Machine) => void;

function call(callee: PickleValue, args: PickleValue): PickleCall {
  return {
    kind: 'call',
    callee,
    args: isObject(args) && args.kind === 'tuple' ? args.items : [args],
    state: undefined,
    items: [],
    entries: [],
  };
}

function sequence(kind: 'tuple' | 'list' | 'set', count: number | 'marked'): Operation {
  if (count === 'marked') return (machine) => machine.push({ kind, items: machine.popToMark() });
  return (machine) => machine.push({ kind, items: machine.popSeveral(count) });
}

function pairs(machine: Machine, values: readonly PickleValue[]): (readonly [PickleValue, PickleValue])[] {
  if (values.length % 2 === 1) machine.cursor.fail('a key without a value');
  return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i]!, values[2 * i + 1]!] as const);
}

/** What values are put into: a container of its own kind, or an object that would take them. */
function target<Kind extends PickleObject['kind']>(machine: Machine, kind: Kind): Extract<PickleObject, { kind: Kind }> | PickleCall {
  const value = machine.top();
  if (isObject(value) && (value.kind === kind || value.kind === 'call')) return value as Extract<PickleObject, { kind: Kind }> | PickleCall;
  return machine.cursor.fail(`values are put into what is no ${kind}`);
}

function append(kind: 'list' | 'set', machine: Machine, values: readonly PickleValue[]): void {
  const { items } = target(machine, kind);
  for (const value of values) items.push(value);
}

function setItems(machine: Machine, values: readonly PickleValue[]): void {
  const { entries } = target(machine, 'dict');
  for (const pair of pairs(machine, values)) entries.push(pair);
}

function build(machine: Machine): void {
  const state = machine.pop();
  const value = machine.top();
  if (!isObject(value) || value.kind !== 'call') return machine.cursor.fail('a state is given to what is no object');
  value.state = state;
}

/** Class and arguments lie above the mark. */
function buildMarked(machine: Machine): void {
  const [callee, ...args] = machine.popToMark();
  if (callee === undefined) return machine.cursor.fail('a class is missing');
  machine.push(call(callee, { kind: 'tuple', items: args }));
}

function namedGlobal(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof module !== 'string' || typeof name !== 'string') return machine.cursor.fail('a global whose name is no text');
  machine.push({ kind: 'global', module, name });
}

function integerLine(machine: Machine): void {
  const line = machine.cursor.line();
  machine.push(line === '01' ? true : line === '00' ? false : machine.cursor.decimal(line));
}

/** A float may be written in any way that Python reads. */
function floatLine(machine: Machine): void {
  const line = machine.cursor.line().trim();
  const value = /^[+-]?nan$/i.test(line) ? NaN : Number(line.replace(/inf(?:inity)?$/i, 'Infinity'));
  if (Number.isNaN(value) && !/nan/i.test(line)) machine.cursor.fail('a number that is none');
  machine.push(value);
}

/** Text as Python's `repr` writes it. */
function quotedLine(machine: Machine): void {
  const [, , text] = /^(["'])(.*)\1$/s.exec(machine.cursor.line()) ?? [];
  if (text === undefined) return machine.cursor.fail('text without quotes');
  machine.push(unescapeText(text));
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function unescapeText(text: string): string {
  return text.replace(/\\(?:x([\da-fA-F]{2})|([0-7]{1,3})|(.))/gs, (_, hex?: string, octal?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
    return octal === undefined ? (escapes[letter!] ?? letter!) : String.fromCharCode(parseInt(octal, 8));
  });
}

/** `raw-unicode-escape`. */
function unicodeLine(machine: Machine): void {
  const text = machine.cursor.line().replace(/\\u([\da-fA-F]{4})|\\U([\da-fA-F]{8})/g, (escape, short?: string, long?: string) => {
    const point = parseInt(short ?? long!, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : escape;
  });
  machine.push(text);
}

function protocol({ cursor }: Machine): void {
  const version = cursor.byte();
  if (version > 5) cursor.fail(`pickle protocol ${version}`);
}

function frame({ cursor }: Machine): void {
  const length = cursor.uint64();
  const { position } = cursor;
  cursor.take(length);
  cursor.position = position;
}

const outOfBand: Operation = ({ cursor }) => cursor.fail('data that lies outside of the pickle');
const extension: Operation = ({ cursor }) => cursor.fail('an object of the extension registry');

const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x28, (machine) => machine.mark()], // (
  [0x30, (machine) => machine.discard()], // 0
  [0x31, (machine) => void machine.popToMark()], // 1
  [0x32, (machine) => machine.push(machine.top())], // 2
  [0x46, floatLine], // F
  [0x49, integerLine], // I
  [0x4a, (machine) => machine.push(machine.cursor.int32())], // J
  [0x4b, (machine) => machine.push(machine.cursor.byte())], // K
  [0x4c, (machine) => machine.push(machine.cursor.decimal(machine.cursor.line().replace(/L$/, '')))], // L
  [0x4d, (machine) => machine.push(machine.cursor.uint16())], // M
  [0x4e, (machine) => machine.push(null)], // N
  [0x50, (machine) => machine.push({ kind: 'persistent', id: machine.cursor.line() })], // P
  [0x51, (machine) => machine.push({ kind: 'persistent', id: machine.pop() })], // Q
  [0x52, callTop], // R
  [0x53, quotedLine], // S
  [0x54, (machine) => machine.push(machine.cursor.text(machine.cursor.uint32()))], // T
  [0x55, (machine) => machine.push(machine.cursor.text(machine.cursor.byte()))], // U
  [0x56, unicodeLine], // V
  [0x58, (machine) => machine.push(machine.cursor.text(machine.cursor.uint32()))], // X
  [0x61, (machine) => append('list', machine, machine.popSeveral(1))], // a
  [0x62, build], // b
  [0x63, (machine) => machine.push({ kind: 'global', module: machine.cursor.line(), name: machine.cursor.line() })], // c
  [0x64, (machine) => machine.push({ kind: 'dict', entries: pairs(machine, machine.popToMark()) })], // d
  [0x7d, (machine) => machine.push({ kind: 'dict', entries: [] })], // }
  [0x65, (machine) => append('list', machine, machine.popToMark())], // e
  [0x67, (machine) => machine.recall(machine.cursor.decimal(machine.cursor.line()))], // g
  [0x68, (machine) => machine.recall(machine.cursor.byte())], // h
  [0x6a, (machine) => machine.recall(machine.cursor.uint32())], // j
  [0x69, instance], // i
  [0x6c, sequence('list', 'marked')], // l
  [0x5d, sequence('list', 0)], // ]
  [0x6f, buildMarked], // o
  [0x70, (machine) => machine.remember(machine.cursor.decimal(machine.cursor.line()))], // p
  [0x71, (machine) => machine.remember(machine.cursor.byte())], // q
  [0x72, (machine) => machine.remember(machine.cursor.uint32())], // r
  [0x73, (machine) => setItems(machine, machine.popSeveral(2))], // s
  [0x74, sequence('tuple', 'marked')], // t
  [0x29, sequence('tuple', 0)], // )
  [0x75, (machine) => setItems(machine, machine.popToMark())], // u
  [0x47, (machine) => machine.push(machine.cursor.float64())], // G
  [0x80, protocol],
  [0x81, callTop], // NEWOBJ
  [0x82, extension],
  [0x83, extension],
  [0x84, extension],
  [0x85, sequence('tuple', 1)],
  [0x86, sequence('tuple', 2)],
  [0x87, sequence('tuple', 3)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [0x8a, (machine) => machine.push(machine.cursor.integer(machine.cursor.byte()))],
  [0x8b, (machine) => machine.push(machine.cursor.integer(machine.cursor.int32()))],
  [0x42, (machine) => machine.push(machine.cursor.take(machine.cursor.uint32()))], // B
  [0x43, (machine) => machine.push(machine.cursor.take(machine.cursor.byte()))], // C
  [0x8c, (machine) => machine.push(machine.cursor.text(machine.cursor.byte()))],
  [0x8d, (machine) => machine.push(machine.cursor.text(machine.cursor.uint64()))],
  [0x8e, (machine) => machine.push(machine.cursor.take(machine.cursor.uint64()))],
  [0x8f, sequence('set', 0)],
  [0x90, (machine) => append('set', machine, machine.popToMark())],
  [0x91, sequence('set', 'marked')],
  [0x92, callWithKeywords],
  [0x93, namedGlobal],
  [0x94, (machine) => machine.memoise()],
  [0x95, frame],
  [0x96, (machine) => machine.push(machine.cursor.take(machine.cursor.uint64()))],
  [0x97, outOfBand],
  [0x98, outOfBand],
]);

function callTop(machine: Machine): void {
  const args = machine.pop();
  machine.push(call(machine.pop(), args));
}

/** Keywords say nothing that a reader here asks for. */
function callWithKeywords(machine: Machine): void {
  machine.pop();
  callTop(machine);
}

function instance(machine: Machine): void {
  const [module, name] = [machine.cursor.line(), machine.cursor.line()];
  machine.push(call({ kind: 'global', module, name }, { kind: 'tuple', items: machine.popToMark() }));
}
