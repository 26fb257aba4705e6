/** Tables of the curve benchmark, as Markdown. `rounds`: of each round, by number of points, what was measured. */
import { median } from './processes.mjs';

/** The limits that the design sets for a curve of 11 points. */
const limits = { points: 11, overForward: 1.3, speedup: 5, memoryShare: 0.25 };

/** Seconds of each way, and what a further point costs. */
export function timeTable(rounds) {
  const rows = pointCounts(rounds).map((points) => {
    const runs = runsOf(rounds, points);
    const [alone, product, python] = ['alone', 'product', 'python'].map((job) => spread(runs.map((run) => run[job])));
    return [points, alone, product, runs[0].extrapolated ? `${python}, extrapolated` : python, megabytes(peak(runs))];
  });
  const head = ['points', 'forward passes alone, s', 'curve, s', 'PyTorch, s', 'peak memory of the curve'];
  return table(head, [...rows, furtherPoint(rounds)]);
}

/** Ratios of the runs, beside the limits where there are any. */
export function limitTable(rounds, float32ByteLength) {
  const rows = pointCounts(rounds).map((points) => {
    const runs = runsOf(rounds, points);
    const share = peak(runs) / float32ByteLength;
    return [points, ratio(runs, 'product', 'alone'), ratio(runs, 'python', 'product'), share.toFixed(2)];
  });
  const head = ['points', 'curve ÷ forward passes', 'PyTorch ÷ curve', 'peak memory ÷ one model in float32'];
  const wanted = [`limit at ${limits.points}`, `≤ ${limits.overForward}`, `≥ ${limits.speedup}`, `< ${limits.memoryShare}`];
  return table(head, [...rows, wanted]);
}

/** From the fewest points to the most. */
function furtherPoint(rounds) {
  const counts = pointCounts(rounds);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const cost = (job) =>
    fewest === most
      ? ''
      : spread(
          rounds.map((round) => (round.get(most)[job] === null ? null : (round.get(most)[job] - round.get(fewest)[job]) / (most - fewest))),
        );
  return ['each further point', cost('alone'), cost('product'), cost('python'), ''];
}

const pointCounts = (rounds) => [...rounds[0].keys()];
const runsOf = (rounds, points) => rounds.map((round) => round.get(points));
const peak = (runs) => Math.max(...runs.map((run) => run.peak));
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

function ratio(runs, numerator, denominator) {
  return runs[0][numerator] === null ? '' : median(runs.map((run) => run[numerator] / run[denominator])).toFixed(2);
}

/** Median, least and most; nothing where it was not measured. */
function spread(seconds) {
  if (seconds.includes(null)) return '';
  return `${median(seconds).toFixed(2)} (${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)})`;
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
