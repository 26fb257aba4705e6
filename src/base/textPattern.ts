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
  const expression = new RegExp(`^${parts.map(sourceOf).join('')}$`, 'su');
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

function sourceOf(part: PatternPart): string {
  switch (part.kind) {
    case 'text':
      return part.text.replace(/[$()*+./?[\\\]^{|}]/gu, '\\$&');
    case 'one':
    case 'many':
      return `${part.except === undefined ? '.' : `[^${sourceOf({ kind: 'text', text: part.except })}]`}${part.kind === 'many' ? '*' : ''}`;
    case 'digit':
      return `[${part.from}-${part.to}]`;
    case 'either':
      return `(?:${part.options.map((option) => option.map(sourceOf).join('')).join('|')})`;
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
