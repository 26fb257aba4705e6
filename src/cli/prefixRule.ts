import type { PrefixRule } from '../compare/report/index.js';
import { UsageError } from './io.js';

/** `FROM=TO` of `--prefix-map`. @throws {UsageError} without a prefix before the `=` */
export function parsePrefixRule(text: string): PrefixRule {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`--prefix-map takes FROM=TO with a prefix before the "=", but got "${text}".`);
  return { from: text.slice(0, at), to: text.slice(at + 1) };
}
