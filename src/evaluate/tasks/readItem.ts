import { isRecord } from '../../base/json/record.js';
import type { Item, LineFault } from './item.js';
import { quoteName } from '../../base/formatError.js';

/** A line as an item, or what is wrong with it. Further fields are allowed. */
export function readItem(text: string, line: number): Item | LineFault {
  const root = parse(text);
  if (!isRecord(root)) return { line, problem: root === undefined ? 'it is not JSON' : 'it is not a JSON object' };
  const { prompt } = root;
  if (typeof prompt !== 'string') return { line, problem: `"prompt" is ${describe(prompt)}, not a text` };
  const item = 'choices' in root ? readChoices(root, line, prompt) : readCompletion(root, line, prompt);
  return 'kind' in item && hasLoneSurrogate(item) ? { line, problem: 'it has half of a surrogate pair, which no UTF-8 text has' } : item;
}

function readChoices({ choices, answer, completion }: Record<string, unknown>, line: number, prompt: string): Item | LineFault {
  if (completion !== undefined) return { line, problem: 'it has both "choices" and "completion"' };
  if (!Array.isArray(choices) || choices.length < 2) return { line, problem: '"choices" is not a list of at least two texts' };
  const texts = choices.filter((choice: unknown): choice is string => typeof choice === 'string' && choice.trim() !== '');
  if (texts.length < choices.length) return { line, problem: '"choices" has an entry that is blank or not a text' };
  const index = answerIndex(texts, answer);
  if (index !== null) return { kind: 'choice', line, prompt, choices: texts, answer: index };
  return { line, problem: `"answer" is ${describe(answer)}, neither an index from 0 to ${texts.length - 1} nor the text of a choice` };
}

function readCompletion({ completion }: Record<string, unknown>, line: number, prompt: string): Item | LineFault {
  if (completion === undefined) return { line, problem: 'it has neither "choices" nor "completion"' };
  if (typeof completion !== 'string' || completion === '') return { line, problem: `"completion" is ${describe(completion)}, not a text` };
  return { kind: 'completion', line, prompt, completion };
}

function answerIndex(choices: readonly string[], answer: unknown): number | null {
  if (typeof answer === 'number') return answer in choices && Number.isInteger(answer) ? answer : null;
  if (typeof answer !== 'string') return null;
  const exact = choices.indexOf(answer);
  const index = exact >= 0 ? exact : choices.findIndex((choice) => choice.trim() === answer.trim());
  return index < 0 ? null : index;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'string' ? quoteName(value) : JSON.stringify(value).slice(0, 40);
}

function hasLoneSurrogate(item: Item): boolean {
  const texts = item.kind === 'choice' ? item.choices : [item.completion];
  return [item.prompt, ...texts].some((text) => /\p{Surrogate}/u.test(text));
}
