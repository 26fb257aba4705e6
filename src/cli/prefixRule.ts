import type { PrefixRule } from '../compare/report/index.js';
import { UsageError } from './io.js';

/** `FROM=TO` of `--prefix-map`; either may be empty. @throws {UsageError} without a `=`, and for a rule that changes nothing */
export function parsePrefixRule(text: string): PrefixRule {
  const at = text.indexOf('=');
  if (at < 0) throw new UsageError(`--prefix-map takes FROM=TO, but got "${text}".`);
  const [from, to] = [text.slice(0, at), text.slice(at + 1)];
  if (from === to) throw new UsageError(`--prefix-map "${text}" changes no name: the prefixes on both sides of the "=" are the same.`);
  return { from, to };
}
