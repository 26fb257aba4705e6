import type { ChoiceItem, CompletionItem, Item, LineFault } from './item.js';
import { readItem } from './readItem.js';
import { FormatError } from '../../base/formatError.js';
import { plural } from '../../base/format.js';

const shown = 5;
const expected = 'on each line {"prompt", "choices", "answer"} or {"prompt", "completion"}, all of one kind';

/**
 * The items of a `.jsonl` task, all of one kind. Blank lines are skipped.
 * @throws FormatError that names the lines which are broken or of another kind than the first
 */
export function readItems(file: string, text: string): readonly ChoiceItem[] | readonly CompletionItem[] {
  const lines = text.split('\n').map((content, i) => ({ content, line: i + 1 }));
  const read = lines.filter(({ content }) => content.trim() !== '').map(({ content, line }) => readItem(content, line));
  const items = read.filter((entry): entry is Item => 'kind' in entry);
  const kind = items[0]?.kind;
  const faults = read.flatMap((entry) => ('problem' in entry ? [entry] : entry.kind === kind ? [] : [otherKind(entry)]));
  if (faults.length > 0) throw lineFaults(file, faults, expected);
  if (items.length === 0)
    throw new FormatError({ file, problem: 'it has no line with an item', expected, remedy: 'Give a file with items.' });
  const choices = items.filter((item) => item.kind === 'choice');
  return choices.length > 0 ? choices : items.filter((item) => item.kind === 'completion');
}

/** An error that names the first few lines. */
export function lineFaults(file: string, faults: readonly LineFault[], wanted: string): FormatError {
  const list = faults.slice(0, shown).map(({ line, problem }) => `line ${line}: ${problem}`);
  const rest = faults.length > shown ? `; and ${faults.length - shown} more` : '';
  return new FormatError({
    file,
    problem: `${plural(faults.length, 'line')} cannot be used`,
    expected: wanted,
    actual: list.join('; ') + rest,
    remedy: 'Correct or remove these lines.',
  });
}

function otherKind({ line, kind }: Item): LineFault {
  return {
    line,
    problem: kind === 'choice' ? 'it has choices, the first item has a completion' : 'it has a completion, the first item has choices',
  };
}
