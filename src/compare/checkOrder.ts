import { formatBytes, formatCount, formatNumber } from '../base/format.js';
import { ValueSampler } from '../compute/index.js';
import type { Model } from '../model/index.js';
import {
  alternativesOf,
  readAs,
  type Alternative,
  type Correspondence,
  type CorrespondenceFacts,
  type Match,
  type Matchable,
  type OrderQuestion,
} from '../model/correspondence/index.js';
import { shapeOf, type Recipe } from '../model/recipe/index.js';
import { cosineOf } from './statisticsSum.js';

/** Values of one order are taken for each other's from this cosine on: of unrelated weights it is near 0. */
export const leastCosine = 0.5;
/** The best order must be ahead of the next by this much. */
const leastLead = 0.1;
/** Of each tensor that is looked at: places, rows and columns at each, and at how many columns they begin. */
const [sampledPlaces, sampledRows, sampledColumns, sampledWindows] = [12, 4, 64, 6];
/** Tensors that are looked at for each part. */
const sampledTensors = 2;

/** What a sample of the values says of a question. */
export interface OrderEvidence {
  /** Index of the candidate that fits best; null where none fits, or two fit alike. */
  readonly answer: number | null;
  /** Mean cosine of A and B over the sampled places, by candidate. */
  readonly cosines: readonly number[];
  /** Values compared for each candidate, and bytes read for all of them. */
  readonly valueCount: number;
  readonly byteLength: number;
}

/** What the sample shows, and by which rule an order is taken. */
export function describeSample(
  { cosines, valueCount, byteLength }: OrderEvidence,
  candidates: readonly { readonly label: string }[],
): string {
  const order = cosines.map((_, index) => index).sort((x, y) => cosines[y]! - cosines[x]!);
  const best = order.slice(0, 2).map((index) => `"${candidates[index]!.label}" ${formatNumber(cosines[index]!)}`);
  return `cosine ${best.join(', ')} over ${formatCount(valueCount)} sampled values (${formatBytes(byteLength)} read; from ${leastCosine} on, and ahead by ${leastLead}, an order is taken)`;
}

/** One version's values, and what they are called in messages. */
interface SampledSide {
  readonly version: Model;
  readonly values: Recipe;
  readonly name: string;
}

/** Answers a question of a correspondence by a sample of the values. Blocks its thread for it. @throws FileReadError, FormatError */
export function checkOrder<Item extends Matchable>(
  a: Model,
  b: Model,
  { matches }: Correspondence<Item>,
  question: OrderQuestion,
): OrderEvidence {
  const sampled = chooseMatches(question.matches.map((index) => matches[index]!));
  return withSampler((sampler) =>
    compareCandidates(sampler, question.candidates.length, (candidate, add) => {
      const { arrangement } = question.candidates[candidate]!;
      for (const match of sampled) {
        const values = readAs(match, arrangement);
        if (values !== null)
          add({ version: a, values: match.a.values!, name: match.a.name }, { version: b, values, name: match.of[0]!.name });
      }
    }),
  );
}

/**
 * Whether other readings of B's values fit A's better; candidate 0 is as they are, and nothing else is looked at where that fits.
 * @throws FileReadError, FormatError
 */
function checkReadings(a: SampledSide, b: SampledSide, others: readonly Recipe[]): OrderEvidence {
  const readings = [b.values, ...others];
  const visit = (candidate: number, add: (own: SampledSide, other: SampledSide) => void) => add(a, { ...b, values: readings[candidate]! });
  return withSampler((sampler) => {
    const asNamed = compareCandidates(sampler, 1, visit);
    return asNamed.answer === 0 ? asNamed : compareCandidates(sampler, readings.length, visit);
  });
}

/** What a second look at a match found: another reading of B's values that fits, or null. */
export interface Reread {
  readonly alternative: Alternative;
  readonly evidence: OrderEvidence;
  readonly candidates: readonly { readonly label: string }[];
}

/** Whether values of equal name and shape agree when they are read in another order. @throws FileReadError, FormatError */
export function rereadMatch<Item extends Matchable>(a: Model, b: Model, match: Match<Item>, facts: CorrespondenceFacts): Reread | null {
  const alternatives = match.a.values === null ? [] : alternativesOf(match, facts);
  if (alternatives.length === 0) return null;
  const { name } = match.a;
  const evidence = checkReadings(
    { version: a, values: match.a.values!, name },
    { version: b, values: match.kind === 'whole' ? match.b.values! : match.values, name },
    alternatives.map(({ values }) => values),
  );
  if (evidence.answer === null || evidence.answer === 0) return null;
  return { alternative: alternatives[evidence.answer - 1]!, evidence, candidates: [{ label: 'as named' }, ...alternatives] };
}

function withSampler<Result>(work: (sampler: ValueSampler) => Result): Result {
  const sampler = new ValueSampler();
  try {
    return work(sampler);
  } finally {
    sampler.close();
  }
}

function compareCandidates(
  sampler: ValueSampler,
  count: number,
  visit: (candidate: number, add: (a: SampledSide, b: SampledSide) => void) => void,
): OrderEvidence {
  let valueCount = 0;
  const cosines = Array.from({ length: count }, (_, candidate) => {
    const found: number[] = [];
    valueCount = 0;
    visit(candidate, (a, b) => {
      for (const block of sampleBlocks(sampler, a, b)) {
        valueCount += block.count;
        if (!Number.isNaN(block.cosine)) found.push(block.cosine);
      }
    });
    return found.length === 0 ? 0 : found.reduce((sum, cosine) => sum + cosine, 0) / found.length;
  });
  return { answer: bestOf(cosines), cosines, valueCount, byteLength: sampler.byteLength };
}

function bestOf(cosines: readonly number[]): number | null {
  const order = cosines.map((_, index) => index).sort((x, y) => cosines[y]! - cosines[x]!);
  const [best, next] = [cosines[order[0]!]!, cosines[order[1]!] ?? -1];
  return best >= leastCosine && best - next >= leastLead ? order[0]! : null;
}

/** Cosines of A and B at some places all over a tensor. */
function* sampleBlocks(sampler: ValueSampler, a: SampledSide, b: SampledSide): Generator<{ cosine: number; count: number }> {
  for (const { window, first, count } of samplePlaces(shapeOf(a.values))) {
    const own = sampler.read(a.version, columnsOf(a.values, window), a.name, first, count);
    yield { cosine: cosine(own, sampler.read(b.version, columnsOf(b.values, window), b.name, first, count)), count };
  }
}

/** Columns `[first, first + count)`. */
interface Window {
  readonly first: number;
  readonly count: number;
}

/** Some rows of a few columns each, spread over rows and columns; of a vector some runs. Transposes are then read in few pieces. */
function samplePlaces(shape: readonly number[]): readonly { window: Window | null; first: number; count: number }[] {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  if (rows * columns === 0) return [];
  if (shape.length < 2) {
    const count = Math.min(columns, sampledRows * sampledColumns);
    return [...new Set(spread(columns - count, sampledPlaces))].map((first) => ({ window: null, first, count }));
  }
  const [height, width] = [Math.min(sampledRows, rows), Math.min(sampledColumns, columns)];
  const windows = spread(columns - width, sampledWindows).map((first): Window => ({ first, count: width }));
  const places = spread(rows - height, sampledPlaces).map((row, i) => ({
    window: windows[i % windows.length]!,
    first: row * width,
    count: height * width,
  }));
  return [...new Map(places.map((place) => [`${place.window.first} ${place.first}`, place])).values()];
}

/** Whole numbers from 0 to a last one, evenly. */
function spread(last: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor((last * i) / (count - 1)));
}

function columnsOf(values: Recipe, window: Window | null): Recipe {
  const shape = shapeOf(values);
  if (window === null || window.count === shape.at(-1)) return values;
  return { kind: 'part', of: values, axis: shape.length - 1, first: window.first, count: window.count, step: 1 };
}

function cosine(a: Float64Array, b: Float64Array): number {
  let [squaresA, squaresB, products, squaresDelta] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    squaresA += a[i]! * a[i]!;
    squaresB += b[i]! * b[i]!;
    products += a[i]! * b[i]!;
    squaresDelta += (a[i]! - b[i]!) ** 2;
  }
  return cosineOf(squaresA, squaresB, products, squaresDelta);
}

type Rearranged<Item extends Matchable> = Extract<Match<Item>, { kind: 'rearranged' }>;

/** The first and the last of each part, of weights where there are any: biases may be all zeros. */
function chooseMatches<Item extends Matchable>(matches: readonly Match<Item>[]): Rearranged<Item>[] {
  const all = matches.flatMap((match) => (match.kind === 'rearranged' ? [match] : []));
  const weights = all.filter(({ a }) => (a.shape?.length ?? 0) > 1);
  const byPart = new Map<string, Rearranged<Item>[]>();
  for (const match of weights.length > 0 ? weights : all) {
    const part = match.source.kind === 'member' ? String(match.source.member) : match.source.kind;
    const known = byPart.get(part);
    if (known === undefined) byPart.set(part, [match]);
    else known.push(match);
  }
  return [...byPart.values()].flatMap((part) => (part.length <= sampledTensors ? part : [part[0]!, part.at(-1)!]));
}
