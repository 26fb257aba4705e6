import { randomUint32s } from '../../compute/support/random.js';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Random = () => number;

const extremes = [0, -0, 1, -1, 0.5, 255, 2 ** 31, 2 ** 53, -(2 ** 53), 1e-320, 1e-200, -1e-200, 1e200, 1e308, -1e308, Infinity] as const;

/** What damage and malice put into files. `1e999` is how JSON text comes to hold an infinity. */
const intruders: readonly Json[] = [
  ...[null, true, false],
  ...extremes,
  ...[
    '',
    'NaN',
    'Infinity',
    '-Infinity',
    '1',
    '__proto__',
    'constructor',
    'toString',
    '\u202e\u0000\u2028',
    '<img src=x>',
    '=1+1',
    'x'.repeat(9999),
  ],
  ...[[], {}, [null], [[]], [0, 0], ['NaN'], [{}], { kind: 'loss' }, { length: 3 }, { toString: 1, valueOf: 1 }],
];

interface Place {
  readonly parent: Json[] | { [key: string]: Json };
  readonly key: string | number;
}

/** The document with one to three random changes: what is there is removed, replaced, doubled, or exchanged with another part. */
export function mutated(document: Json, seed: number): Json {
  const random = randomUint32s(seed);
  for (let i = 0; i < 20; i++) random(); // small seeds start alike
  const copy = structuredClone(document);
  for (let left = 1 + (random() % 3); left > 0; left--) mutate(copy, random);
  return copy;
}

function mutate(document: Json, random: Random): void {
  const place = randomPlace(document, random);
  if (place === null) return;
  const { parent, key } = place;
  switch (random() % 8) {
    case 0:
      remove(place);
      break;
    case 1:
    case 2:
      put(place, structuredClone(pick(intruders, random)));
      break;
    case 3:
      put(place, structuredClone(valueAt(randomPlace(document, random) ?? place)));
      break;
    case 4:
      if (Array.isArray(parent))
        parent.splice(Number(key), 0, ...Array.from({ length: 1 + (random() % 3) }, () => structuredClone(valueAt(place))));
      break;
    default:
      nudge(place, random);
  }
}

/** What is nearly right goes farthest: numbers and texts stay such. */
function nudge(place: Place, random: Random): void {
  const value = valueAt(place);
  if (typeof value === 'number')
    put(place, pick([...extremes, value + 1, -value, value * 1e9, value / 3, Math.floor(value), 1 - value], random));
  else if (typeof value === 'string') put(place, pick([`${value}x`, value.slice(1), value.toUpperCase(), `${value}\n`], random));
  else if (typeof value === 'boolean') put(place, !value);
}

/** Any depth is as likely as any other: else changes would fall on the longest lists only. */
function randomPlace(document: Json, random: Random): Place | null {
  const depth = 1 + (random() % 7);
  let place: Place | null = null;
  let value = document;
  for (let level = 0; level < depth && typeof value === 'object' && value !== null; level++) {
    const keys = Object.keys(value);
    if (keys.length === 0) break;
    const key = pick(keys, random);
    place = { parent: value, key: Array.isArray(value) ? Number(key) : key };
    value = valueAt(place);
  }
  return place;
}

function valueAt({ parent, key }: Place): Json {
  return (parent as Record<string | number, Json>)[key]!;
}

function put({ parent, key }: Place, value: Json): void {
  Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true });
}

function remove({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else Reflect.deleteProperty(parent, key);
}

function pick<T>(choices: readonly T[], random: Random): T {
  return choices[random() % choices.length]!;
}

/** JSON text; infinities as JSON can write them. */
export function jsonOf(document: Json): string {
  return JSON.stringify(document, (_, value: unknown) => (value === Infinity ? '\u0001inf' : value)).replaceAll('"\\u0001inf"', '1e999');
}
