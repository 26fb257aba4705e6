import { planToMarkdown } from '../../transfer/combineRoom.js';
import {
  type Advice,
  formatEstimate,
  formatLoss,
  lossName,
  lossOf,
  type NextReport,
  type Stance,
  type TaskEvidence,
  type TaskScore,
} from '../lineageRoom.js';
import { lineageName } from '../view/words.js';
import { escapeMarkdown, markdownRow, markdownCode } from '../../../base/markdown.js';

const marks: Readonly<Record<Stance, string>> = { for: '**+**', against: '**−**', open: '**?**', remark: '**·**' };

function adviceSection(advice: Advice | null): string[] {
  if (advice === null) return ['The round starts from a base as it is: nothing is recycled, and there is nothing to write or to advise.'];
  return [
    `## Advice: ${advice.advice}`,
    '',
    ...advice.reasons.map(({ stance, sentence }) => `- ${marks[stance]} ${escapeMarkdown(sentence)}`),
    '',
    `${marks.for} for recycling, ${marks.against} against it, ${marks.open} open, ${marks.remark} remark. You decide.`,
  ];
}

function estimate(score: TaskScore): string {
  const loss = lossOf(score);
  return score.kind === 'outside' ? formatLoss(loss) : formatEstimate(loss, score.standardError);
}

function scoreRow({ task, previousBase, previousFineTune, base, start }: TaskEvidence): string {
  const { noun, unit } = lossName(task);
  return markdownRow([task.name, `${noun},${unit}`.replace(/,$/, ''), ...[previousBase, previousFineTune, base, start].map(estimate)]);
}

function scoreSection(tasks: readonly TaskEvidence[]): string[] {
  if (tasks.length === 0) return [];
  return [
    '## Scores before training',
    '',
    'Lower is better.',
    '',
    '| task | | base before | its fine-tune | new base | start |',
    '|---|---|--:|--:|--:|--:|',
    ...tasks.map(scoreRow),
  ];
}

function list(title: string, messages: readonly string[]): string[] {
  return messages.length === 0 ? [] : [`## ${title}`, '', ...messages.map((message) => `- ${escapeMarkdown(message)}`)];
}

/** What is known before a round, as a page to be read before anything is written. Names from files are escaped. */
export function nextRoundPage({ status, plan, evidence, advice }: NextReport): string {
  const { next, releases, path } = status;
  if (next.kind === 'complete') throw new Error('internal: no round is due');
  const isWritten = plan === null && evidence !== null;
  const sections = [
    [
      `# ${escapeMarkdown(lineageName(path))}: the round of ${escapeMarkdown(next.release)}`,
      '',
      `Training starts from ${markdownCode(next.start)}.`,
    ],
    adviceSection(advice),
    scoreSection(evidence?.tasks ?? []),
    list('Worth knowing', [...status.disagreements, ...releases.flatMap(({ remarks }) => remarks)]),
    isWritten ? ['The start is written already.'] : [],
    plan === null ? [] : ['---', '', planToMarkdown(plan)],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}
