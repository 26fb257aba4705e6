import type { Finding } from '../../checkpoint/index.js';
import { spellingFindings, type Tokenizer } from '../../model/tokenizer/index.js';
import { encodeContinuations, type Continuation, type Prompt } from './encodeContinuations.js';
import { fitSequence, type FittedSequence } from './fitSequence.js';
import type { ChoiceItem, CompletionItem, LineFault } from './item.js';
import { lineFaults } from './readItems.js';
import { formatCount, plural } from '../../base/format.js';

/** A line in tokens: a sequence for its completion, or for each choice. */
export interface EncodedItem {
  readonly continuations: readonly Continuation[];
  readonly sequences: readonly FittedSequence[];
}

/**
 * Turns items into sequences.
 * @throws FormatError that names the lines which have nothing to score, or more than the models can read
 */
export async function encodeItems(
  file: string,
  items: readonly (ChoiceItem | CompletionItem)[],
  tokenizer: Tokenizer,
  contextLength: number | null,
): Promise<EncodedItem[]> {
  const faults: LineFault[] = [];
  const encodedPrompts = await encodeContinuations(tokenizer, items.map(promptOf));
  const encoded = items.map((item, i): EncodedItem => {
    const continuations = encodedPrompts[i]!;
    const fitted = continuations.map((continuation) => fitSequence(continuation, tokenizer.bosToken, contextLength));
    const problem = fitted.find((result) => typeof result === 'string');
    if (problem !== undefined) faults.push({ line: item.line, problem });
    return { continuations, sequences: fitted.filter((result) => typeof result !== 'string') };
  });
  if (faults.length > 0) throw lineFaults(file, faults, 'a prompt and at least one scored token within what the models can read');
  return encoded;
}

function promptOf(item: ChoiceItem | CompletionItem): Prompt {
  return { prompt: item.prompt, continuations: item.kind === 'choice' ? item.choices : [item.completion] };
}

/** How many prompts were cut, and what the tokenizer made of the texts. */
export function itemFindings(file: string, encoded: readonly EncodedItem[], tokenizer: Tokenizer, contextLength: number | null): Finding[] {
  const texts = encoded.flatMap(({ continuations }) => continuations);
  const cut = encoded.filter(({ sequences }) => sequences.some(({ promptCut }) => promptCut)).length;
  const spelling = spellingFindings(tokenizer, texts, file);
  if (cut === 0) return spelling;
  const message = `${plural(cut, 'prompt')} of ${formatCount(encoded.length)} lost their beginning: with what follows they are longer than the ${contextLength ?? 0} tokens that the models can read.`;
  return [{ severity: 'warning', code: 'prompts-cut', message, file }, ...spelling];
}
