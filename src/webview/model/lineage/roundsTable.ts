import { formatCosine, formatNumber } from '../../../base/format.js';
import { formatScore, modelNames, modelRoles, type RoundRow, type RoundScore, type RoundsReport } from '../../../recycle/report/index.js';
import { numberCell, numberColumn, type ScoreTable, type TableCell, textCell, textColumn } from '../../chart/scoreTable.js';
import { labelOf, scoreOf } from './roundsSeries.js';

function scoreCell(score: RoundScore | undefined): TableCell {
  return numberCell(score?.value ?? NaN, formatScore(score));
}

function vectorCells({ diffVector }: RoundRow): TableCell[] {
  const [norm, cosine] = [diffVector?.norm ?? null, diffVector?.cosine ?? null];
  return [numberCell(norm ?? NaN, formatNumber(norm)), numberCell(cosine ?? NaN, formatCosine(cosine))];
}

const columns = [
  textColumn('release', 'Release', 'Name of the release', 90, 0.3),
  textColumn('lineage', 'Lineage', 'Strategy of the lineage, or its name', 110, 0.4),
  ...modelRoles.map((role) => numberColumn(role, capitalised(modelNames[role]), `Score of the ${modelNames[role]}`, 140)),
  numberColumn('norm', '‖Δ‖', 'Norm of the diff vector, fine-tuned − base'),
  numberColumn('cosine', 'cos', 'Cosine with the diff vector of the release before'),
  textColumn('start', 'Started from', 'What the round started from', 230, 1),
];

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The table behind the pictures: a row for each release of each lineage, scores on one task. */
export function roundsTable(report: RoundsReport, task: string): ScoreTable<RoundRow> {
  const rows = report.lineages.flatMap((lineage) =>
    lineage.rounds.map((round) => ({
      place: round,
      cells: [
        textCell(round.release),
        textCell(labelOf(lineage, report)),
        ...modelRoles.map((role) => scoreCell(scoreOf(round, role, task))),
        ...vectorCells(round),
        textCell(round.delta ?? 'its base'),
      ],
    })),
  );
  return { columns, rows };
}
