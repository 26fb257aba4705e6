import { LineageError } from './lineageError.js';
import { isRecord } from '../../base/json/record.js';

const longestShown = 60;

/** A value in a lineage file together with the place it stands at, read as what it has to be. */
export class JsonField {
  constructor(
    private readonly file: string,
    readonly place: string,
    readonly value: unknown,
  ) {}

  get isGiven(): boolean {
    return this.value !== undefined;
  }

  member(name: string): JsonField {
    return new JsonField(this.file, this.place === '' ? name : `${this.place}.${name}`, this.record()[name]);
  }

  record(): Record<string, unknown> {
    return isRecord(this.value) ? this.value : this.refuse('an object');
  }

  members(): readonly (readonly [string, JsonField])[] {
    return Object.keys(this.record()).map((name) => [name, this.member(name)]);
  }

  list(): readonly JsonField[] {
    if (!Array.isArray(this.value)) return this.refuse('a list');
    return this.value.map((item: unknown, i) => new JsonField(this.file, `${this.place}[${i}]`, item));
  }

  text(): string {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.refuse('a text that is not empty');
  }

  matching(pattern: RegExp, expected: string): string {
    return typeof this.value === 'string' && pattern.test(this.value) ? this.value : this.refuse(expected);
  }

  oneOf<Choice extends string | number>(choices: readonly Choice[], remedy?: string): Choice {
    const choice = choices.find((candidate) => candidate === this.value);
    return choice ?? this.refuse(choices.map((candidate) => JSON.stringify(candidate)).join(' or '), remedy);
  }

  number(): number {
    return typeof this.value === 'number' ? this.value : this.refuse('a number');
  }

  wholeNumber(least: 0 | 1): number {
    return Number.isSafeInteger(this.value) && Number(this.value) >= least
      ? Number(this.value)
      : this.refuse(`a whole number from ${least}`);
  }

  /** What `read` gives; `otherwise` when the field is not there. */
  optional<Value, Other>(read: (field: JsonField) => Value, otherwise: Other): Value | Other {
    return this.isGiven ? read(this) : otherwise;
  }

  orNull<Value>(read: (field: JsonField) => Value): Value | null {
    return this.value === null ? null : read(this);
  }

  /** @throws LineageError */
  refuse(expected: string, remedy = 'Correct the file.'): never {
    throw new LineageError({ file: this.file, place: this.place, expected, found: shown(this.value), remedy });
  }
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`;
}
