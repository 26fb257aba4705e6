/** Rules that a diff may not break, as a continuous integration checks them: pure over the report. */
export { checkRules, outcomeOf, type RuleOutcome, type RuleResult } from './checkRules.js';
export { describeRules, rulesToMarkdown } from './describeRules.js';
export { metrics } from './metric.js';
export { parseRule, RuleError, type Rule } from './rule.js';
