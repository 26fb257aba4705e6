import { compilePattern } from '../../model/names/index.js';
import { isValueMetric, metrics, type MetricName } from './metric.js';

const operators = {
  '>': (value: number, threshold: number) => value > threshold,
  '>=': (value: number, threshold: number) => value >= threshold,
  '<': (value: number, threshold: number) => value < threshold,
  '<=': (value: number, threshold: number) => value <= threshold,
} as const;

type Operator = keyof typeof operators;

/** What no diff may come to: `relativeChange > 0.1`, `*.lm_head.*: cosine < 0.99`. */
export interface Rule {
  /** As it was written. */
  readonly text: string;
  readonly metric: MetricName;
  readonly operator: Operator;
  readonly threshold: number;
  /** Whether the rule speaks of a tensor, by its name; null for a rule about the model as a whole. */
  readonly fits: ((name: string) => boolean) | null;
}

/** A rule that cannot be read. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

const form = 'METRIC OPERATOR NUMBER, or PATTERN: METRIC OPERATOR NUMBER for each tensor that fits the pattern';

/**
 * Reads `[PATTERN:] METRIC (> | >= | < | <=) NUMBER`. The last colon ends the pattern, since names may have colons.
 * @throws RuleError, and PatternError for a pattern that cannot be read
 */
export function parseRule(text: string): Rule {
  const colon = text.lastIndexOf(':');
  const condition = /^\s*(?<metric>\w+)\s*(?<operator>[<>]=?)\s*(?<number>\S+)\s*$/u.exec(text.slice(colon + 1))?.groups;
  if (condition === undefined) throw new RuleError(`"${text}" is not a rule. Write ${form}, for example relativeChange > 0.1.`);
  const { metric: written = '', operator, number = '' } = condition;
  const metric = readMetric(text, written);
  const threshold = readThreshold(text, metric, number);
  return { text: text.trim(), metric, operator: operator as Operator, threshold, fits: readPattern(text, colon, metric) };
}

function readMetric(text: string, written: string): MetricName {
  const known = Object.keys(metrics) as MetricName[];
  const metric = known.find((name) => name.toLowerCase() === written.toLowerCase());
  if (metric === undefined) throw new RuleError(`"${text}": there is no metric "${written}". Choose one of ${known.join(', ')}.`);
  return metric;
}

/** A threshold that no value can reach would be a rule that is never, or always, broken. */
function readThreshold(text: string, metric: MetricName, written: string): number {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(written))
    throw new RuleError(`"${text}": "${written}" is not a number. Write it like 0.1 or 1e-3.`);
  const threshold = Number(written);
  const [min, max] = metrics[metric].range;
  if (threshold >= min && threshold <= max && Number.isFinite(threshold)) return threshold;
  const range = max === Infinity ? `at least ${min}` : `from ${min} to ${max}`;
  throw new RuleError(`"${text}": ${metric} is always ${range}, and ${written} is not.`);
}

function readPattern(text: string, colon: number, metric: MetricName): Rule['fits'] {
  if (colon < 0) return null;
  const pattern = text.slice(0, colon).trim();
  if (pattern === '') throw new RuleError(`"${text}": there is no pattern before the colon. Leave out the colon for the whole model.`);
  if (!isValueMetric(metric)) throw new RuleError(`"${text}": ${metric} is a number of the whole model. Leave out the pattern.`);
  return compilePattern(pattern);
}

/** Whether a value breaks a rule. */
export function isBrokenBy({ operator, threshold }: Rule, value: number): boolean {
  return operators[operator](value, threshold);
}
