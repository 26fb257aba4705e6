import type { PickleCursor } from './pickleCursor.js';
import type { PickleValue } from './pickleValue.js';

/** The stack, the marks on it and the memo that a pickle's instructions work on. @throws PickleFault for what is not there */
export class Machine {
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(readonly cursor: PickleCursor) {}

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    this.#require(1);
    return this.#stack.pop()!;
  }

  popSeveral(count: number): PickleValue[] {
    this.#require(count);
    return this.#stack.splice(this.#stack.length - count);
  }

  top(): PickleValue {
    this.#require(1);
    return this.#stack.at(-1)!;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** What was pushed since the last mark, which is taken away. */
  popToMark(): PickleValue[] {
    const height = this.#marks.pop();
    if (height === undefined) return this.cursor.fail('a mark is missing');
    return this.#stack.splice(height);
  }

  /** A mark may itself be popped. */
  discard(): void {
    if (this.#marks.length > 0 && this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
    else this.pop();
  }

  remember(place: number | bigint): void {
    if (typeof place !== 'number' || place < 0) return this.cursor.fail('a place of the memo that is none');
    this.#memo.set(place, this.top());
  }

  memoise(): void {
    this.remember(this.#memo.size);
  }

  recall(place: number | bigint): void {
    const value = this.#memo.get(Number(place));
    if (value === undefined) return this.cursor.fail(`nothing is remembered as ${place}`);
    this.push(value);
  }

  /** @param count of values above the last mark */
  #require(count: number): void {
    if (this.#stack.length - (this.#marks.at(-1) ?? 0) < count) this.cursor.fail('a value is missing');
  }
}
