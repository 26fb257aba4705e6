import { parseScaleRule, type ScaleRule } from './combineRoom.js';
import { messageOf } from '../../base/errors.js';
import { parseMapRule, type MapRule } from '../../model/correspondence/index.js';
import { compilePattern } from '../../model/names/index.js';

/** Patterns between white space. A name that holds some is matched with `?` in its place. */
export function readPatterns(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

/** Why one of the patterns cannot be read; null when all can. */
export function patternsProblem(text: string): string | null {
  return problemOfEach(readPatterns(text), compilePattern);
}

/** Reads `PATTERN=λ …`. @throws ScaleError, PatternError */
export function readScaleRules(text: string): ScaleRule[] {
  return readPatterns(text).map(parseScaleRule);
}

/** Why one of the rules cannot be read, or says nothing of which tensors; null when all are fine. */
export function scaleRulesProblem(text: string): string | null {
  return problemOfEach(readPatterns(text), (word) => {
    if (parseScaleRule(word).pattern === null) throw new Error(`"${word}" names no tensors: write PATTERN=λ, such as lm_head.*=0.5.`);
  });
}

export function formatScaleRules(rules: readonly ScaleRule[]): string {
  return rules.map(({ pattern, scale }) => `${pattern}=${scale}`).join(' ');
}

function problemOfEach(words: readonly string[], read: (word: string) => unknown): string | null {
  try {
    words.forEach(read);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Reads `PATTERN=NAME …`, rules for names. @throws MapRuleError, PatternError */
export function readNameRules(text: string): MapRule[] {
  return readPatterns(text).map(parseMapRule);
}

/** Why one of the rules cannot be meant; null when all can. */
export function nameRulesProblem(text: string): string | null {
  return problemOfEach(readPatterns(text), parseMapRule);
}
