import { basename } from 'node:path';
import {
  formatScore,
  modelNames,
  modelRoles,
  type LineageRounds,
  type ModelRole,
  type RoundRow,
  type RoundScore,
  type RoundsReport,
} from '../../recycle/index.js';
import type { Io } from '../io.js';
import { textTable, type Column } from '../textTable.js';
import { formatCosine, formatNumber } from '../../base/format.js';
import { visibleText } from '../../base/visibleText.js';

/** Rounds of lineages for a terminal: a table of scores for each task, then the diff vectors. */
export function describeRounds({ lineages, remarks }: RoundsReport, io: Io): string {
  return [...lineages.map((lineage) => describeLineage(lineage, io)), ...remarks.map((remark) => `note: ${visibleText(remark)}\n`)].join(
    '\n',
  );
}

function describeLineage(lineage: LineageRounds, io: Io): string {
  const tasks = [...new Set(lineage.rounds.flatMap(({ scores }) => scores.map(({ task }) => task)))];
  return [
    `${visibleText(basename(lineage.path))}: ${lineage.strategy}\n`,
    ...tasks.map((task) => describeTask(task, lineage, io)),
    `\ndiff vectors, fine-tuned − base\n${textTable(vectorColumns, lineage.rounds.map(vectorCells), io.columns)}`,
    ...lineage.remarks.map((remark) => `note: ${visibleText(remark)}\n`),
  ].join('');
}

const units: Readonly<Record<RoundScore['kind'], string>> = { loss: 'nats per token', choice: 'accuracy', outside: 'result' };

function describeTask(task: string, { rounds }: LineageRounds, io: Io): string {
  const kind = rounds.flatMap(({ scores }) => scores).find((score) => score.task === task)!.kind;
  const roles = modelRoles.filter((role) => rounds.some(({ scores }) => scores.some((score) => score.model === role)));
  const columns: Column[] = ['release', ...roles.map((role) => modelNames[role])].map((title, i) => ({
    title,
    align: i === 0 ? 'left' : 'right',
  }));
  const rows = rounds.map((round) => [round.release, ...roles.map((role) => cell(round, role, task))]);
  return `\n${visibleText(basename(task))}, ${units[kind]}\n${textTable(columns, rows, io.columns)}`;
}

function cell({ scores }: RoundRow, role: ModelRole, task: string): string {
  return formatScore(scores.find((candidate) => candidate.model === role && candidate.task === task));
}

const vectorColumns: readonly Column[] = [
  { title: 'release', align: 'left' },
  { title: '‖Δ‖', align: 'right' },
  { title: 'cosine with the one before', align: 'right' },
];

function vectorCells({ release, diffVector }: RoundRow): string[] {
  return [release, formatNumber(diffVector?.norm ?? null), formatCosine(diffVector?.cosine ?? null)];
}
