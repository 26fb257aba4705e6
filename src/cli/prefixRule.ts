import type { PrefixRule } from '../compare/report/index.js';
import { parseMapRule, type MapRule } from '../model/correspondence/index.js';
import type { OptionSpec } from './command.js';
import { readFromUser, UsageError } from './io.js';

/** `FROM=TO` of `--prefix-map`; either may be empty. @throws {UsageError} without a `=`, and for a rule that changes nothing */
export function parsePrefixRule(text: string): PrefixRule {
  const at = text.indexOf('=');
  if (at < 0) throw new UsageError(`--prefix-map takes FROM=TO, but got "${text}".`);
  const [from, to] = [text.slice(0, at), text.slice(at + 1)];
  if (from === to) throw new UsageError(`--prefix-map "${text}" changes no name: the prefixes on both sides of the "=" are the same.`);
  return { from, to };
}

/** `PATTERN=REPLACEMENT` of `--map`. @throws {UsageError} for a pattern or a capture that cannot be meant */
export function parseNameRule(text: string): MapRule {
  return readFromUser(() => parseMapRule(text));
}

/** Option of every command that matches names. @param others whose names are mapped, and `own` to whose: `B`, `A` */
export function nameRuleOption(others: string, own: string): OptionSpec {
  return {
    type: 'string',
    value: 'PATTERN=NAME',
    multiple: true,
    help: `Names of ${others} that fit PATTERN are NAME in ${own}; $1, $2 … in NAME stand for what * ? and {…} fitted. Repeatable; the first rule that fits is used.`,
  };
}
