import type { Random } from './random.js';

/** Numbers that JSON readers disagree about, and others that none accepts. */
const numbers = [
  '0',
  '1',
  '-0',
  '-1',
  '1.0',
  '1e0',
  '1E+2',
  '0.5',
  '01',
  '-01',
  '00',
  '+1',
  '.5',
  '5.',
  '1e',
  '1e+',
  '-',
  '0x10',
  '1_0',
  'NaN',
  'Infinity',
  '-Infinity',
  '9007199254740992',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '18446744073709551615',
  '18446744073709551616',
  '18446744073709551615.5',
  '184467440737095516150',
  '0e999999999999',
  '1e999999999999',
  '1e-999999999999',
  '-1e400',
  '1e308',
  '1e309',
  '1.7976931348623157e308',
  '1.7976931348623159e308',
  '17976931348623157e292',
  '17976931348623159e292',
  '0.0e400',
  '0e309',
  '1e-400',
  '1e2147483647',
  '1e2147483648',
  '0e2147483648',
  '1e-2147483648',
  '1e-2147483649',
  '1.e5',
  '1e5.5',
  '--1',
  '1 2',
];

const values = [
  'null',
  'true',
  'false',
  '"x"',
  '""',
  '[]',
  '{}',
  '[1,"a",null]',
  '{"a":{"b":[{}]}}',
  'nul',
  'tru',
  'True',
  'undefined',
  "'x'",
  '[1,]',
  '{"a":1,}',
  '{"a" 1}',
  '{a:1}',
  '[1 2]',
  '"',
  '[',
  '{',
  '/**/1',
];

const stringBodies = [
  'plain',
  '\\"',
  '\\\\',
  '\\/',
  '\\b\\f\\n\\r\\t',
  '\\u0041',
  '\\u00e9',
  '\\u0000',
  '\\uFFFF',
  '\\ud83d\\ude00',
  '\\uD83D\\uDE00',
  '\\ud83d',
  '\\ude00',
  '\\ud83d\\ud83d',
  '\\ud83dx',
  '\\ud83d\\n',
  '\\ud83d\\u0041',
  '\\ud83d\\u',
  '\\u12',
  '\\u12g4',
  '\\u 123',
  '\\x41',
  '\\a',
  '\\',
  '\\u',
  '\u007f',
  '\u2028',
  '\ufeff',
  '\u0001',
  '\u001f',
  '\t',
  '\n',
  '\0',
  '😀',
  'ü',
  '\u0080',
  '\\u0022',
  '\\U0041',
];

/** A JSON number, or nearly one. */
export function numberFragment(random: Random): string {
  return random.chance(0.6) ? random.pick(numbers) : edgeNumber(random);
}

/** A number whose size lies about the end of the float64 range. */
function edgeNumber(random: Random): string {
  const integer = random.digits(random.pick([1, 2, 5, 15, 17, 19, 20, 21, 25, 40]));
  const fraction = random.chance(0.6)
    ? `.${'0'.repeat(random.pick([0, 0, 0, 1, 7, 30]))}${random.digits(random.pick([1, 3, 16, 19, 20, 30]))}`
    : '';
  const magnitude = 309 - integer.length + random.between(-1, 1);
  const lead = random.chance(0.5) ? '1797693134862315' + random.digits(random.between(1, 8)) : integer;
  const exponent = lead === integer ? magnitude : 309 - lead.length + (random.chance(0.2) ? random.between(-1, 1) : 0);
  return `${random.chance(0.2) ? '-' : ''}${lead}${fraction}${random.pick(['e', 'E', 'e+'])}${exponent}`;
}

/** A number of several hundred digits without an exponent, about the end of the float64 range. */
export function longInteger(random: Random): string {
  return (random.chance(0.5) ? '17976931348623157' : '') + random.digits(random.pick([200, 290, 291, 292, 293, 307, 308, 309, 310, 400]));
}

/** Any JSON value, or nearly one. */
export function valueFragment(random: Random): string {
  const kind = random.below(10);
  if (kind < 3) return random.pick(values);
  if (kind < 6) return numberFragment(random);
  if (kind < 9) return stringFragment(random);
  return nesting(random, random.between(1, 6));
}

/** A JSON string of escapes and characters, some of which are not allowed. */
export function stringFragment(random: Random): string {
  return `"${Array.from({ length: random.between(1, 2) }, () => random.pick(stringBodies)).join('')}"`;
}

/** Arrays and objects inside each other, `depth` of them. */
export function nesting(random: Random, depth: number): string {
  const kinds = Array.from({ length: depth }, () => random.chance(0.5));
  const open = kinds.map((isArray) => (isArray ? '[' : '{"a":')).join('');
  const close = kinds
    .map((isArray) => (isArray ? ']' : '}'))
    .reverse()
    .join('');
  return `${open}${random.pick(['1', 'null', '[]', '{}'])}${close}`;
}
