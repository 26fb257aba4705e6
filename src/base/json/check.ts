/** What is wrong in a JSON value: where, from the outermost field inwards, and what has to stand there. */
export interface Fault {
  readonly path: readonly (string | number)[];
  /** As the end of a sentence: `a text`, `a whole number from 0`. */
  readonly expected: string;
}

/** Looks at a value; null when it is right. Costs nothing then: what is checked may have millions of values. */
export type Check = (value: unknown) => Fault | null;

export function condition(isRight: (value: unknown) => boolean, expected: string): Check {
  const fault: Fault = { path: [], expected };
  return (value) => (isRight(value) ? null : fault);
}

export const text = condition((value) => typeof value === 'string', 'a text');
export const number = condition((value) => typeof value === 'number', 'a number');
export const boolean = condition((value) => typeof value === 'boolean', 'true or false');
/** A size, an index, a count. */
export const count = condition((value) => Number.isSafeInteger(value) && Number(value) >= 0, 'a whole number from 0');

export function only(expected: string | number): Check {
  return condition((value) => value === expected, JSON.stringify(expected));
}

export function oneOf(expected: readonly string[]): Check {
  return condition((value) => expected.includes(value as string), expected.join(', '));
}

export function orNull(check: Check): Check {
  return (value) => (value === null ? null : check(value));
}

const noList: Fault = { path: [], expected: 'a list' };

export function listOf(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return noList;
    for (let i = 0; i < value.length; i++) {
      const fault = check(value[i]);
      if (fault !== null) return within(i, fault);
    }
    return null;
  };
}

const noObject: Fault = { path: [], expected: 'an object' };

/** An object with these fields, and any others. */
export function fields(checks: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(checks);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return noObject;
    for (const [name, check] of entries) {
      const fault = check((value as Record<string, unknown>)[name]);
      if (fault !== null) return within(name, fault);
    }
    return null;
  };
}

function within(place: string | number, { path, expected }: Fault): Fault {
  return { path: [place, ...path], expected };
}

/** `"hash" of "tensors"[3] of the manifest`: where in `root` something is wrong. */
export function placeOf({ path }: Fault, root: string): string {
  const names = [root];
  for (const part of path) {
    if (typeof part === 'string') names.unshift(`"${part}"`);
    else names[0] = `${names[0]!}[${part}]`;
  }
  return names.join(' of ');
}
