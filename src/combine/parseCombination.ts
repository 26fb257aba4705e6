import type { Combination, CombinationStep } from './combination.js';
import { endsName } from './formatCombination.js';

/** A formula that cannot be read. `position` counts characters from 1. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';

  constructor(
    problem: string,
    readonly position: number,
    formula: string,
  ) {
    super(`Formula "${formula}", character ${position}: ${problem}.`);
  }
}

/**
 * Reads a formula: terms joined by `+` and `−`, each a name or a difference in parentheses, with or without a factor
 * before it (`0.3·(b − a)`, `0.5*a`). Names are roles or paths; one that holds spaces or starts with a sign is quoted,
 * quotes inside are doubled. Terms are added from left to right; `a − b` at the start counts as a difference, which
 * gives the same values bit for bit.
 * @throws FormulaError with the position
 */
export function parseCombination(formula: string): Combination {
  const reader: FormulaReader = new FormulaReader(formula);
  const steps = [reader.readStep(reader.readSign() ?? 1)];
  while (!reader.isAtEnd()) {
    const sign = reader.readSign();
    if (sign === null) reader.fail('expected + or − between terms, with spaces around it');
    steps.push(reader.readStep(sign));
  }
  return {
    steps: foldDifference(
      steps.map(({ step }) => step),
      steps[1]?.hasFactor === false,
    ),
  };
}

/** `a − b` at the start: one difference instead of two terms. */
function foldDifference(steps: readonly CombinationStep[], isPlain: boolean): readonly CombinationStep[] {
  const [first, second, ...rest] = steps;
  if (first === undefined || second === undefined || !isPlain) return steps;
  const isDifference = first.scale === 1 && second.scale === -1 && first.minus === null && second.minus === null;
  return isDifference ? [{ scale: 1, plus: first.plus, minus: second.plus }, ...rest] : steps;
}

interface ReadStep {
  readonly step: CombinationStep;
  readonly hasFactor: boolean;
}

const factor = /(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)\s*[*·×]\s*/uy;
const sign = /[+\-\u2212]\s*/uy;

class FormulaReader {
  private position = 0;

  constructor(private readonly text: string) {
    this.skipSpace();
  }

  isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** 1 for plus, −1 for minus, null where no sign stands. */
  readSign(): 1 | -1 | null {
    const found = this.match(sign);
    if (found === null) return null;
    return found.startsWith('+') ? 1 : -1;
  }

  readStep(signed: 1 | -1): ReadStep {
    const start = this.position;
    const written = this.match(factor);
    const scale = signed * (written === null ? 1 : Number.parseFloat(written));
    if (!Number.isFinite(scale)) this.fail('the factor is too large', start);
    const { plus, minus } = this.readTerm();
    return { step: { scale, plus, minus }, hasFactor: written !== null };
  }

  private readTerm(): { plus: string; minus: string | null } {
    if (this.match(/\(\s*/uy) === null) return { plus: this.readName(), minus: null };
    const plus = this.readName();
    if (this.readSign() !== -1) this.fail('parentheses hold a difference of two names, as in (b − a), with spaces around the minus');
    const minus = this.readName();
    if (this.match(/\)\s*/uy) === null) this.fail('expected a closing parenthesis after the difference');
    return { plus, minus };
  }

  private readName(): string {
    const quote = this.text[this.position];
    const name = quote === '"' || quote === "'" ? this.readQuoted(quote) : this.readWord();
    this.skipSpace();
    return name;
  }

  private readWord(): string {
    const start = this.position;
    while (!this.isAtEnd() && !endsName.test(this.text[this.position]!)) this.position++;
    if (this.position === start) this.fail(this.isAtEnd() ? 'a name is missing at the end' : 'expected the name or path of a model');
    return this.text.slice(start, this.position);
  }

  private readQuoted(quote: string): string {
    const start = this.position++;
    let name = '';
    for (;;) {
      const end = this.text.indexOf(quote, this.position);
      if (end < 0) this.fail('this quote is never closed', start);
      name += this.text.slice(this.position, end);
      this.position = end + 1;
      if (this.text[this.position] !== quote) break;
      name += quote;
      this.position++;
    }
    if (name === '') this.fail('the name is empty', start);
    return name;
  }

  private skipSpace(): void {
    this.match(/\s+/uy);
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.position;
    const [found] = pattern.exec(this.text) ?? [];
    if (found === undefined) return null;
    this.position += found.length;
    return found;
  }

  fail(problem: string, position = this.position): never {
    throw new FormulaError(problem, position + 1, this.text);
  }
}
