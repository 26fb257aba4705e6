import { isRecord } from './record.js';
import { nonFiniteNames } from './toJson.js';

/** Reads a value of parsed JSON as what it has to be, and leaves out what nobody asked for. @throws DecodeError */
export type Decoder<T> = (value: unknown) => T;

/** A value that is not what it has to be, and where it stands. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  constructor(
    readonly expected: string,
    readonly found: unknown,
    /** `tensors[3].status`; empty for the whole. */
    readonly place = '',
  ) {
    super(`${place === '' ? 'it' : place} is ${shown(found)}, expected ${expected}`);
  }
}

const longestShown = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value);
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}

export const text: Decoder<string> = (value) => (typeof value === 'string' ? value : refuse('a text', value));
export const boolean: Decoder<boolean> = (value) => (typeof value === 'boolean' ? value : refuse('true or false', value));
export const finite: Decoder<number> = (value) => (Number.isFinite(value) ? (value as number) : refuse('a number', value));
/** A whole number that can count. */
export const count: Decoder<number> = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse('a whole number from 0', value);

/** A number of `toJson`: NaN and the infinities are strings there, and only where a number belongs. */
export const number: Decoder<number> = (value) =>
  nonFiniteNames.get(value) ?? (typeof value === 'number' ? value : refuse('a number', value));

/** A text that a pattern fits. @param expected what that is, for messages */
export function matching<T extends string>(pattern: RegExp, expected: string): Decoder<T> {
  return (value) => (typeof value === 'string' && pattern.test(value) ? (value as T) : refuse(expected, value));
}

export function oneOf<const T extends string | number>(choices: readonly T[]): Decoder<T> {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(' or ');
  return (value) => choices.find((choice) => choice === value) ?? refuse(expected, value);
}

export function orNull<T>(decode: Decoder<T>): Decoder<T | null> {
  return (value) => (value === null ? null : decode(value));
}

/** For fields that files of earlier versions do not have. */
export function orAbsent<T, Otherwise>(decode: Decoder<T>, otherwise: Otherwise): Decoder<T | Otherwise> {
  return (value) => (value === undefined ? otherwise : decode(value));
}

/** A field that may be missing: `object` leaves it out then. */
export function optional<T>(decode: Decoder<T>): Decoder<T> {
  return (value) => (value === undefined ? (undefined as T) : decode(value));
}

/** @param length how many there have to be; any number without it */
export function listOf<T>(decode: Decoder<T>, length?: number): Decoder<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return refuse('a list', value);
    if (length !== undefined && value.length !== length) return refuse(`a list of ${length}`, value);
    return value.map((item: unknown, index) => within(`[${index}]`, () => decode(item)));
  };
}

export function pairOf<A, B>(first: Decoder<A>, second: Decoder<B>): Decoder<readonly [A, B]> {
  return (value) => {
    if (!Array.isArray(value) || value.length !== 2) return refuse('a pair', value);
    return [within('[0]', () => first(value[0])), within('[1]', () => second(value[1]))];
  };
}

/** A decoder for each field. */
export type Fields<T> = { readonly [Field in keyof T]-?: Decoder<T[Field]> };

/** An object with these fields; others are left out. */
export function object<T extends object>(fields: Fields<T>): Decoder<T> {
  const decoders = Object.entries<Decoder<unknown>>(fields);
  return (value) => {
    if (!isRecord(value)) return refuse('an object', value);
    const result: Record<string, unknown> = {};
    for (const [field, decode] of decoders) {
      const member = within(field, () => decode(Object.hasOwn(value, field) ? value[field] : undefined));
      if (member !== undefined) result[field] = member;
    }
    return result as T;
  };
}

/** An object whose field `tag` says which of several it is. */
export function variants<Tag extends string, T extends { readonly [Key in Tag]: string }>(
  tag: Tag,
  decoders: { readonly [Kind in T[Tag]]: Decoder<Extract<T, { readonly [Key in Tag]: Kind }>> },
): Decoder<T> {
  const kindOf = object({ [tag]: oneOf(Object.keys(decoders)) } as Fields<Record<Tag, string>>);
  return (value) => (decoders as Readonly<Record<string, Decoder<T>>>)[kindOf(value)[tag]]!(value);
}

/** What a decoder gives if it holds. @param expected what it says, for messages */
export function where<T>(decode: Decoder<T>, holds: (value: T) => boolean, expected: string): Decoder<T> {
  return (value) => {
    const decoded = decode(value);
    return holds(decoded) ? decoded : refuse(expected, value);
  };
}

function within<T>(step: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const separator = error.place === '' || error.place.startsWith('[') ? '' : '.';
    throw new DecodeError(error.expected, error.found, `${step}${separator}${error.place}`);
  }
}

function refuse(expected: string, found: unknown): never {
  throw new DecodeError(expected, found);
}
