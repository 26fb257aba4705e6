import { ArchitectureError } from './architectureError.js';
import { quoteName } from '../../base/formatError.js';

/** Typed access to the fields of a `config.json`. Null counts as missing. Every method throws ArchitectureError. */
export class ConfigFields {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    readonly file: string,
    /** Where these fields are within the file: empty, or `text_config.`. */
    private readonly path = '',
  ) {}

  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }

  /** A positive integer; `fallback` where the field is missing, if there is one. */
  size(name: string, fallback?: number): number {
    const value = this.#get(name) ?? fallback;
    if (!isSize(value)) throw this.fault(name, 'a positive integer');
    return value;
  }

  /** Tokens that a model can read at once: one that it is given, and one that it predicts. */
  contextLength(name: string, fallback?: number): number {
    const value = this.size(name, fallback);
    if (value < 2) throw this.fault(name, 'an integer of at least 2');
    return value;
  }

  /** An integer from 0 on. */
  count(name: string, fallback: number): number {
    const value = this.#get(name) ?? fallback;
    if (value !== 0 && !isSize(value)) throw this.fault(name, 'an integer from 0 on');
    return value;
  }

  optionalSize(name: string): number | null {
    return this.has(name) ? this.size(name) : null;
  }

  /** A positive number; `fallback` where the field is missing, if there is one. */
  positive(name: string, fallback?: number): number {
    const value = this.#get(name) ?? fallback;
    if (!isPositive(value)) throw this.fault(name, 'a positive number');
    return value;
  }

  optionalPositive(name: string): number | null {
    return this.has(name) ? this.positive(name) : null;
  }

  /** As `size`, but a null in the file stands for itself: what it switches off is off. */
  sizeOrNull(name: string, fallback: number | null): number | null {
    return Object.hasOwn(this.values, name) ? this.optionalSize(name) : fallback;
  }

  /** As `positive`, but a null in the file stands for itself. */
  positiveOrNull(name: string, fallback: number | null): number | null {
    return Object.hasOwn(this.values, name) ? this.optionalPositive(name) : fallback;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#get(name) ?? fallback;
    if (typeof value !== 'boolean') throw this.fault(name, 'true or false');
    return value;
  }

  text(name: string, fallback?: string): string {
    const value = this.#get(name) ?? fallback;
    if (typeof value !== 'string') throw this.fault(name, 'a text');
    return value;
  }

  /** A list of `count` texts; null where the field is missing. */
  optionalTexts(name: string, count: number): readonly string[] | null {
    return this.has(name) ? this.#list(name, count, 'texts', (entry) => typeof entry === 'string') : null;
  }

  /** A list of `count` positive numbers. */
  positives(name: string, count: number): readonly number[] {
    return this.#list(name, count, 'positive numbers', isPositive);
  }

  /** The fields of an object; null where the field is missing. */
  optionalObject(name: string): ConfigFields | null {
    const value = this.#get(name);
    if (value === undefined) return null;
    if (typeof value !== 'object' || Array.isArray(value)) throw this.fault(name, 'an object');
    return new ConfigFields(Object.fromEntries(Object.entries(value as object)), this.file, `${this.path}${name}.`);
  }

  /** An error that says what a field should be and what it is. */
  fault(name: string, expected: string, remedy = 'Correct the config.json, or use the one the model came with.'): ArchitectureError {
    return new ArchitectureError({
      file: this.file,
      problem: `field ${quoteName(this.path + name)} cannot be used`,
      expected,
      actual: this.has(name) ? JSON.stringify(this.#get(name)).slice(0, 200) : 'no such field',
      remedy,
    });
  }

  #list<Entry>(name: string, count: number, what: string, isEntry: (entry: unknown) => entry is Entry): readonly Entry[] {
    const value = this.#get(name);
    if (!Array.isArray(value) || value.length !== count || !value.every(isEntry)) throw this.fault(name, `a list of ${count} ${what}`);
    return value;
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.values, name) ? (this.values[name] ?? undefined) : undefined;
  }
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
