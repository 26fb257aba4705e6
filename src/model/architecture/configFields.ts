import { ArchitectureError } from './architectureError.js';
import { quoteName } from '../../base/formatError.js';
import { isRecord } from '../../base/json/record.js';
import type { SettingRecord, SettingValue } from '../settings/index.js';

/** Typed access to a model's settings, defaults of the library included. Every method throws ArchitectureError. */
export class ConfigFields {
  constructor(
    private readonly values: SettingRecord,
    readonly file: string,
    /** Where the file has settings that it calls otherwise. */
    private readonly spellings: Readonly<Record<string, string>>,
    /** Where these settings are within the model's: empty, or `rope_parameters.`. */
    private readonly path = '',
  ) {}

  has(name: string): boolean {
    return this.#get(name) !== undefined;
  }

  /** What the file calls a setting. */
  nameInFile(name: string): string {
    const full = this.path + name;
    const parent = this.path.slice(0, -1);
    return this.spellings[full] ?? (parent === '' ? full : `${this.spellings[parent] ?? parent}.${name}`);
  }

  /** A positive integer. */
  size(name: string): number {
    const value = this.#get(name);
    if (!isSize(value)) throw this.fault(name, 'a positive integer');
    return value;
  }

  /** Tokens that a model can read at once: one that it is given, and one that it predicts. */
  contextLength(name: string): number {
    const value = this.size(name);
    if (value < 2) throw this.fault(name, 'an integer of at least 2');
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

  /** `fallback` is for settings that the library has in no default. */
  flag(name: string, fallback?: boolean): boolean {
    const value = this.#get(name) ?? fallback;
    if (typeof value !== 'boolean') throw this.fault(name, 'true or false');
    return value;
  }

  text(name: string, fallback?: string): string {
    const value = this.#get(name) ?? fallback;
    if (typeof value !== 'string') throw this.fault(name, 'a text');
    return value;
  }

  /** A list of `count` texts. */
  texts(name: string, count: number): readonly string[] {
    return this.#list(name, count, 'texts', (entry) => typeof entry === 'string');
  }

  /** A list of `count` positive numbers. */
  positives(name: string, count: number): readonly number[] {
    return this.#list(name, count, 'positive numbers', isPositive);
  }

  /** The fields of an object. */
  object(name: string): ConfigFields {
    const value = this.#get(name);
    if (!isRecord(value)) throw this.fault(name, 'an object');
    return new ConfigFields(value, this.file, this.spellings, `${this.path}${name}.`);
  }

  /** Whether a field holds an object, not a value or a list. */
  isObject(name: string): boolean {
    return isRecord(this.#get(name));
  }

  /** An error that says what a field should be and what it is. */
  fault(name: string, expected: string, remedy = 'Correct the config.json, or use the one the model came with.'): ArchitectureError {
    return new ArchitectureError({
      file: this.file,
      problem: `field ${quoteName(this.nameInFile(name))} cannot be used`,
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

  #get(name: string): SettingValue | undefined {
    return Object.hasOwn(this.values, name) ? (this.values[name] ?? undefined) : undefined;
  }
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}
