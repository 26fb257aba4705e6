import type { LineageStatus, NextStep, ReleaseStatus } from '../../recycle/index.js';
import type { Io } from '../io.js';
import { textTable, type Column } from '../textTable.js';
import { plural } from '../../base/format.js';
import { visibleText } from '../../base/visibleText.js';

const columns: readonly Column[] = [
  { title: 'release', align: 'left' },
  { title: 'state', align: 'left' },
  { title: 'starts from', align: 'left' },
  { title: 'fine-tuned version', align: 'left', flexible: true },
];

/** A lineage for a terminal: its releases, the round that is due, and what is wrong. */
export function describeStatus(status: LineageStatus, io: Io): string {
  const { path, strategy, releases, next, disagreements } = status;
  const problems = releases.flatMap((release) => release.problems);
  const remarks = releases.flatMap((release) => [
    ...release.training.map((process) => describeTraining(release, process)),
    ...release.remarks,
  ]);
  return [
    `${visibleText(path)}: ${strategy}, ${plural(releases.length, 'release')}\n`,
    ...(releases.length === 0 ? [] : ['\n', textTable(columns, releases.map(cellsOf), io.columns)]),
    `\nNext: ${visibleText(describeNext(next))}\n`,
    ...[...disagreements, ...problems].map((problem) => `problem: ${visibleText(problem)}\n`),
    ...remarks.map((remark) => `note: ${visibleText(remark)}\n`),
  ].join('');
}

function cellsOf({ name, state, models, delta }: ReleaseStatus): string[] {
  const finetuned = models.find(({ role }) => role === 'finetuned');
  return [name, state, delta ?? '', finetuned?.isThere ? finetuned.path : ''];
}

function describeTraining({ name }: ReleaseStatus, { fineTune, pid, startedAt }: ReleaseStatus['training'][number]): string {
  return `${name}: its ${fineTune === 'plain' ? 'plain fine-tune' : 'round'} is trained by process ${pid} since ${startedAt}.`;
}

/** `write base(v2) + (…) and fine-tune it (recycle run)`. */
export function describeNext(next: NextStep): string {
  if (next.kind === 'complete') return next.sentence;
  const { release, fineTune, start, needsStart } = next;
  const what = fineTune === 'plain' ? `fine-tune ${release} plainly, for the diff vector of the release after it,` : `fine-tune ${release}`;
  return `${what} from ${start}${needsStart ? ', which is to be written first' : ''}.`;
}
