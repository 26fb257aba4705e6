/** A part of a pattern that a whole text fits or not. */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  /** Any one character, or any number of them, but `except`. */
  | { readonly kind: 'one' | 'many'; readonly except?: string | undefined }
  | { readonly kind: 'digit'; readonly from: number; readonly to: number }
  | { readonly kind: 'either'; readonly options: readonly (readonly PatternPart[])[] };

/** An expression may try so many ways to fit a text: as long as it takes to read a file's name. */
const maxWays = 1e6;

/**
 * Whether a text fits a pattern, as a whole. Patterns come out of files and settings, which may be a stranger's: an
 * expression would try `*a*a*a*b` in ways without number. So it is used only where there are few.
 */
export function textMatcher(written: readonly PatternPart[]): (text: string) => boolean {
  const parts = simplified(written);
  const expression = new RegExp(`^${parts.map((part) => sourceOf(part)).join('')}$`, 'su');
  const [ways, spans] = [waysOf(parts), spansOf(parts)];
  let matcher: ((text: string) => boolean) | null = null;
  return (text) => {
    if (ways * (text.length + 1) ** spans <= maxWays) return expression.test(text);
    matcher ??= stateMatcher(parts);
    return matcher(text);
  };
}

/** `**` is `*`. */
function simplified(parts: readonly PatternPart[]): PatternPart[] {
  return parts.flatMap((part, i): PatternPart[] => {
    if (part.kind === 'either') return [{ ...part, options: part.options.map(simplified) }];
    const before = parts[i - 1];
    return part.kind === 'many' && before?.kind === 'many' && before.except === part.except ? [] : [part];
  });
}

/** In how many ways parts may be tried at one place. */
function waysOf(parts: readonly PatternPart[]): number {
  return parts.reduce(
    (ways, part) => ways * (part.kind === 'either' ? part.options.reduce((sum, option) => sum + waysOf(option), 0) : 1),
    1,
  );
}

/** How many parts may end at any place of a text. */
function spansOf(parts: readonly PatternPart[]): number {
  return parts.reduce((spans, part) => {
    if (part.kind !== 'either') return spans + (part.kind === 'many' ? 1 : 0);
    return spans + part.options.reduce((most, option) => Math.max(most, spansOf(option)), 0);
  }, 0);
}

function sourceOf(part: PatternPart, repeated = '*'): string {
  switch (part.kind) {
    case 'text':
      return part.text.replace(/[$()*+./?[\\\]^{|}]/gu, '\\$&');
    case 'one':
    case 'many':
      return `${part.except === undefined ? '.' : `[^${sourceOf({ kind: 'text', text: part.except })}]`}${part.kind === 'many' ? repeated : ''}`;
    case 'digit':
      return `[${part.from}-${part.to}]`;
    case 'either':
      return `(?:${part.options.map((option) => option.map((inner) => sourceOf(inner, repeated)).join('')).join('|')})`;
    default:
      return part satisfies never;
  }
}

/** A state either takes a character and goes on to its only next state, or goes on to all of them at once. */
interface State {
  readonly takes: ((code: number) => boolean) | null;
  readonly next: number[];
}

/** The same without trying: it takes every character once, in all the ways that still lead on. Some ten times as slow. */
function stateMatcher(parts: readonly PatternPart[]): (text: string) => boolean {
  const states: State[] = [{ takes: () => false, next: [] }];
  const start = addParts(states, parts, 0);
  const takes = states.map((state) => state.takes ?? (() => false));
  const after = states.map((state) => (state.takes === null ? [] : takingStates(states, state.next)));
  const first = takingStates(states, [start]);
  const seenAt = new Uint32Array(states.length);
  return (text) => {
    seenAt.fill(0);
    let active = first;
    for (let at = 0, round = 1; at < text.length && active.length > 0; round++) {
      const code = text.codePointAt(at)!;
      at += code > 0xffff ? 2 : 1;
      const entered: number[] = [];
      for (const state of active) {
        if (!takes[state]!(code)) continue;
        for (const next of after[state]!) {
          if (seenAt[next] === round) continue;
          seenAt[next] = round;
          entered.push(next);
        }
      }
      active = entered;
    }
    return active.includes(0);
  };
}

/** The states that take a character, of those that are led to without one; the last state counts as one. */
function takingStates(states: readonly State[], from: readonly number[]): number[] {
  const seen = new Set(from);
  for (const state of seen) if (states[state]!.takes === null) for (const next of states[state]!.next) seen.add(next);
  return [...seen].filter((state) => states[state]!.takes !== null);
}

/** Adds the states of parts that lead to a state. @returns the state that they begin with */
function addParts(states: State[], parts: readonly PatternPart[], end: number): number {
  return parts.reduceRight((next, part) => addPart(states, part, next), end);
}

function addPart(states: State[], part: PatternPart, next: number): number {
  switch (part.kind) {
    case 'text':
      return Array.from(part.text, codeOf).reduceRight((after, code) => add(states, (found) => found === code, [after]), next);
    case 'one':
      return add(states, unless(part.except), [next]);
    case 'many': {
      const again = add(states, null, [next]);
      states[again]!.next.push(add(states, unless(part.except), [again]));
      return again;
    }
    case 'digit':
      return add(states, (found) => found >= digitZero + part.from && found <= digitZero + part.to, [next]);
    case 'either':
      return add(
        states,
        null,
        part.options.map((option) => addParts(states, option, next)),
      );
    default:
      return part satisfies never;
  }
}

const digitZero = 0x30;

function codeOf(character: string): number {
  return character.codePointAt(0)!;
}

function unless(except: string | undefined): (code: number) => boolean {
  const excepted = except === undefined ? -1 : codeOf(except);
  return (found) => found !== excepted;
}

function add(states: State[], takes: State['takes'], next: number[]): number {
  return states.push({ takes, next }) - 1;
}

/** Parts that a whole number from `first` to `last` fits, written without leading zeros. */
export function numberPart(first: number, last: number): PatternPart {
  const lengths = Array.from({ length: String(last).length - String(first).length + 1 }, (_, i) => String(first).length + i);
  const options = lengths.flatMap((length) => {
    const [least, most] = [length === 1 ? 0 : 10 ** (length - 1), 10 ** length - 1];
    return numbersOfOneLength(String(Math.max(first, least)), String(Math.min(last, most)));
  });
  return { kind: 'either', options };
}

/** Two numbers with as many digits. */
function numbersOfOneLength(first: string, last: string): PatternPart[][] {
  const [from, to] = [Number(first[0]), Number(last[0])];
  const rest = first.length - 1;
  if (rest === 0) return [[{ kind: 'digit', from, to }]];
  const after = (digit: number, options: PatternPart[][]): PatternPart[][] =>
    options.map((option) => [{ kind: 'digit', from: digit, to: digit }, ...option]);
  if (from === to) return after(from, numbersOfOneLength(first.slice(1), last.slice(1)));
  const between: PatternPart = { kind: 'digit', from: from + 1, to: to - 1 };
  return [
    ...after(from, numbersOfOneLength(first.slice(1), '9'.repeat(rest))),
    ...(to - from > 1 ? [[between, ...Array.from({ length: rest }, (): PatternPart => ({ kind: 'digit', from: 0, to: 9 }))]] : []),
    ...after(to, numbersOfOneLength('0'.repeat(rest), last.slice(1))),
  ];
}

/** What the parts of a pattern that are no plain text stand for. */
export interface Captures {
  /** How many there are; parts of any length that follow each other are one. */
  readonly count: number;
  /** The text of each, in order, where `many` takes as little as it can; null for a text that does not fit. */
  readonly match: (text: string) => readonly string[] | null;
}

/** Captures of a pattern. As with `textMatcher`, a match takes no time that grows with the ways to fit. */
export function textCaptures(written: readonly PatternPart[]): Captures {
  const parts = simplified(written);
  const sources = parts.map((part) => (part.kind === 'text' ? sourceOf(part) : `(${sourceOf(part, '*?')})`));
  const expression = new RegExp(`^${sources.join('')}$`, 'su');
  const [ways, spans] = [waysOf(parts), spansOf(parts)];
  const match = (text: string): readonly string[] | null => {
    if (ways * (text.length + 1) ** spans > maxWays) return captureParts(parts, text);
    return expression.exec(text)?.slice(1) ?? null;
  };
  return { count: parts.filter(({ kind }) => kind !== 'text').length, match };
}

/** The same in time that is proportional to the parts and the square of the text. */
function captureParts(parts: readonly PatternPart[], text: string): string[] | null {
  const characters = Array.from(text);
  const ends = parts.map((part) => (from: number) => endsOf(part, characters, from));
  const leads = reachable(ends, characters.length);
  if (leads[0]![0] !== true) return null;
  const captures: string[] = [];
  let at = 0;
  for (const [i, part] of parts.entries()) {
    const end = ends[i]!(at).find((place) => leads[i + 1]![place] === true)!;
    if (part.kind !== 'text') captures.push(characters.slice(at, end).join(''));
    at = end;
  }
  return captures;
}

/** For each part, and behind the last, the places from which the rest of the parts fits the rest of the text. */
function reachable(ends: readonly ((from: number) => readonly number[])[], length: number): boolean[][] {
  const leads = ends.map(() => new Array<boolean>(length + 1).fill(false));
  leads.push(Array.from({ length: length + 1 }, (_, place) => place === length));
  for (let part = ends.length - 1; part >= 0; part--) {
    for (let from = 0; from <= length; from++) leads[part]![from] = ends[part]!(from).some((end) => leads[part + 1]![end]);
  }
  return leads;
}

/** Where a part may end that begins at a place, in the order in which that is tried. */
function endsOf(part: PatternPart, characters: readonly string[], from: number): readonly number[] {
  switch (part.kind) {
    case 'text': {
      const text = Array.from(part.text);
      return text.every((character, i) => characters[from + i] === character) ? [from + text.length] : [];
    }
    case 'one':
      return from < characters.length && characters[from] !== part.except ? [from + 1] : [];
    case 'digit':
      return isDigitOf(characters[from], part) ? [from + 1] : [];
    case 'many': {
      const stop = part.except === undefined ? -1 : characters.indexOf(part.except, from);
      const last = stop < 0 ? characters.length : stop;
      return Array.from({ length: last - from + 1 }, (_, i) => from + i);
    }
    case 'either': {
      const found = new Set<number>();
      for (const option of part.options) {
        let places: ReadonlySet<number> = new Set([from]);
        for (const inner of option) places = new Set([...places].flatMap((place) => endsOf(inner, characters, place)));
        for (const place of places) found.add(place);
      }
      return [...found];
    }
    default:
      return part satisfies never;
  }
}

function isDigitOf(character: string | undefined, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return character !== undefined && character >= String(from) && character <= String(to) && character.length === 1;
}
