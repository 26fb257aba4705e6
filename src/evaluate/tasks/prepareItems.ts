import { choiceScore, lossScore } from '../report/index.js';
import type { Tokenizer } from '../../model/tokenizer/index.js';
import { encodeItems, itemFindings, type EncodedItem } from './encodeItems.js';
import { evenlySpread } from './evenlySpread.js';
import type { ChoiceItem } from './item.js';
import { negativeLogLikelihoods } from './negativeLogLikelihoods.js';
import { readItems } from './readItems.js';
import { scoredCount } from './scoredCount.js';
import type { PreparedTask, TaskSettings } from './task.js';
import { taskHash } from './taskHash.js';

/**
 * A `.jsonl` task. Prompt and choice or completion are joined as they are written: a space between them must be in one of
 * the texts. Choices are compared by summed log-likelihood, and by log-likelihood per UTF-8 byte of the choice without
 * white space around it.
 * @throws FormatError
 */
export async function prepareItems(
  path: string,
  text: string,
  tokenizer: Tokenizer,
  settings: TaskSettings,
): Promise<Omit<PreparedTask, 'name'>> {
  const { limit, contextLength } = settings;
  const read = readItems(path, text);
  const items = evenlySpread<(typeof read)[number]>(read, limit);
  const encoded = await encodeItems(path, items, tokenizer, contextLength);
  const choices = items.filter((item) => item.kind === 'choice');
  return {
    path,
    hash: taskHash('items', text, tokenizer, { limit, contextLength }),
    sequences: encoded.flatMap(({ sequences }) => sequences),
    findings: itemFindings(path, encoded, tokenizer, contextLength),
    ...(choices.length > 0 ? choiceScoring(choices, encoded) : completionScoring(encoded)),
  };
}

type Scoring = Pick<PreparedTask, 'kind' | 'score'>;

function choiceScoring(items: readonly ChoiceItem[], encoded: readonly EncodedItem[]): Scoring {
  const sequences = encoded.flatMap((item) => item.sequences);
  return {
    kind: 'choice',
    score: (answers) => {
      const nats = negativeLogLikelihoods(sequences, answers);
      let next = 0;
      const questions = items.map(({ choices, answer }) => ({
        logLikelihoods: choices.map(() => -nats[next++]!),
        byteLengths: choices.map((choice) => Buffer.byteLength(choice.trim())),
        answer,
      }));
      return choiceScore(questions);
    },
  };
}

function completionScoring(encoded: readonly EncodedItem[]): Scoring {
  const sequences = encoded.flatMap((item) => item.sequences);
  const byteCount = encoded.flatMap(({ continuations }) => continuations).reduce((sum, { byteLength }) => sum + byteLength, 0);
  const itemTokens = sequences.map(scoredCount);
  return { kind: 'loss', score: (answers) => lossScore(negativeLogLikelihoods(sequences, answers), itemTokens, byteCount) };
}
