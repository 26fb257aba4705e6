import { type Finding } from '../../checkpoint/index.js';
import { lossScore } from '../report/index.js';
import { spellingFindings, type EncodedText, type Tokenizer } from '../../model/tokenizer/index.js';
import { cutWindows, type TextWindow } from './cutWindows.js';
import { evenlySpread } from './evenlySpread.js';
import { negativeLogLikelihoods } from './negativeLogLikelihoods.js';
import { scoredCount } from './scoredCount.js';
import type { PreparedTask, TaskSettings } from './task.js';
import { taskHash } from './taskHash.js';
import { windowFindings, windowSize } from './windowSize.js';
import { FormatError } from '../../base/formatError.js';
import { formatCount } from '../../base/format.js';

/**
 * Running text as windows; `cutWindows` has the rule. The loss is over all scored tokens, its standard error over windows.
 * Line ends are read as LF.
 * @throws FormatError when no token of the text can be scored
 */
export async function prepareText(
  path: string,
  content: string,
  tokenizer: Tokenizer,
  settings: TaskSettings,
): Promise<Omit<PreparedTask, 'name'>> {
  const text = content.replaceAll('\r\n', '\n');
  const size = windowSize(settings);
  const [encoded] = (await tokenizer.encode([text])) as [EncodedText];
  const { tokens } = encoded;
  const all = cutWindows(tokens, tokenizer.bosToken, size);
  if (all.length === 0) throw nothingToScore(path, tokens.length, tokenizer);
  const windows = evenlySpread(all, settings.limit);
  const byteCount = scoredBytes(encoded, windows);
  const itemTokens = windows.map(scoredCount);
  return {
    path,
    kind: 'loss',
    hash: taskHash('text', text, tokenizer, { ...size, limit: settings.limit }),
    sequences: windows,
    findings: [
      ...windowFindings(settings, size),
      ...lineEndFindings(path, content.length - text.length),
      ...spellingFindings(tokenizer, [encoded], path),
      ...byteFindings(path, byteCount),
    ],
    score: (answers) => lossScore(negativeLogLikelihoods(windows, answers), itemTokens, byteCount),
  };
}

/** UTF-8 bytes of the tokens that the windows score; NaN where they are not known. */
function scoredBytes({ text, tokens, byteLengths }: EncodedText, windows: readonly TextWindow[]): number {
  const scored = windows.reduce((sum, { first, end }) => sum + end - first, 0);
  if (scored === tokens.length) return Buffer.byteLength(text);
  if (byteLengths === null) return NaN;
  return windows.reduce((sum, { first, end }) => sum + byteLengths.subarray(first, end).reduce((bytes, length) => bytes + length, 0), 0);
}

function nothingToScore(file: string, count: number, { bosToken }: Tokenizer): FormatError {
  const need =
    bosToken === null ? 'at least two tokens: the tokenizer puts none before a text, and the first is only read' : 'at least one token';
  return new FormatError({
    file,
    problem: 'no token of the text can be scored',
    expected: need,
    actual: count === 1 ? 'one' : 'none',
    remedy: 'Give a longer text.',
  });
}

function lineEndFindings(file: string, count: number): Finding[] {
  if (count === 0) return [];
  const message = `${formatCount(count)} line ends CR LF are read as LF, as models know them.`;
  return [{ severity: 'info', code: 'line-ends', message, file }];
}

function byteFindings(file: string, byteCount: number): Finding[] {
  if (!Number.isNaN(byteCount)) return [];
  const message = 'Bits per byte are not given: only a part of the text is scored, and its tokens do not spell it byte for byte.';
  return [{ severity: 'info', code: 'bytes-unknown', message, file }];
}
