import { layerOf } from '../names/index.js';
import { arrange, type Arrangement } from './arrangement.js';
import { labelOf } from './candidates.js';
import type { Match, Matchable, OrderQuestion } from './correspondence.js';
import { describeSource } from './describeSource.js';
import { matchSquare, withClause, type CorrespondenceFacts, type OpenMatch } from './openMatch.js';

type Found<Item extends Matchable> = Match<Item> | OpenMatch<Item>;

interface Decision<Item extends Matchable> {
  readonly matches: readonly Match<Item>[];
  readonly questions: readonly OrderQuestion[];
}

/** A question while its matches come in. */
interface OpenQuestion {
  readonly subject: string;
  readonly number: number;
  /** Of weights, and of biases, which count where there are no weights: they say nothing of transposes. */
  readonly candidates: Map<string, Arrangement>;
  readonly ofBiases: Map<string, Arrangement>;
  readonly matches: number[];
}

/** Takes what names say of each, and notes what they leave open. */
export function decide<Item extends Matchable>(found: readonly Found<Item>[], facts: CorrespondenceFacts): Decision<Item> {
  const orientations = new Orientations(found);
  const questions = new Map<string, OpenQuestion>();
  const matches = found.map((match, index): Match<Item> => {
    const open = match.kind === 'whole' && orientations.leaveOpen(match) ? (matchSquare(match, facts) ?? match) : match;
    if (open.kind !== 'open') return open;
    const arrangements = orientations.inOrder(open);
    const question = arrangements.length > 1 ? noteQuestion(questions, open, arrangements, index) : null;
    return rearranged(open, arrangements[0]!, question);
  });
  return { matches, questions: [...questions.values()].map(finishQuestion) };
}

function noteQuestion<Item extends Matchable>(
  questions: Map<string, OpenQuestion>,
  { subject, source, wanted }: OpenMatch<Item>,
  arrangements: readonly Arrangement[],
  index: number,
): number {
  const question: OpenQuestion = questions.get(subject) ?? {
    subject,
    number: questions.size,
    candidates: new Map(),
    ofBiases: new Map(),
    matches: [],
  };
  questions.set(subject, question);
  const candidates = wanted.leaf === 'bias' ? question.ofBiases : question.candidates;
  for (const arrangement of arrangements) {
    const label = labelOf(source, arrangement);
    if (!candidates.has(label)) candidates.set(label, arrangement);
  }
  question.matches.push(index);
  return question.number;
}

function finishQuestion({ subject, candidates, ofBiases, matches }: OpenQuestion): OrderQuestion {
  const all = candidates.size > 0 ? candidates : ofBiases;
  return { subject, candidates: [...all].map(([label, arrangement]) => ({ label, arrangement })), matches };
}

function rearranged<Item extends Matchable>(match: OpenMatch<Item>, arrangement: Arrangement, question: number | null): Match<Item> {
  const { a, of, source, wanted, names } = match;
  const values = arrange(source, arrangement, wanted)!;
  if (question === null && source.kind === 'direct' && values === source.values) return { kind: 'whole', a, b: of[0]!, reason: names };
  const reason = withClause(names, describeSource(source, arrangement, wanted));
  return { kind: 'rearranged', a, of, values, names, reason, source, wanted, arrangement, question };
}

/** How often tensors of a kind are stored as named, and how often transposed, where their shapes say it. */
interface Tally {
  plain: number;
  turned: number;
}

/**
 * Which way round matrices are stored that are not square, and what that says of square ones: those whose names became one for the same
 * reason, of as many dimensions, in layers.
 */
class Orientations<Item extends Matchable> {
  readonly #tallies = new Map<string, Tally>();
  #anyTurned = false;

  constructor(found: readonly Found<Item>[]) {
    if (!found.some((match) => match.kind === 'open')) return;
    for (const match of found) this.#count(match);
  }

  #count(match: Found<Item>): void {
    const rank = match.a.shape?.length ?? 0;
    if (rank < 2 || match.kind === 'rearranged') return;
    const isTurned = match.kind === 'open' && match.arrangements.every((arrangement) => turnOf(arrangement) === 'turned');
    const isPlain = match.kind === 'whole' && !isSquareShape(match.a.shape!);
    if (isTurned) this.#tallyOf(match).turned++;
    else if (isPlain) this.#tallyOf(match).plain++;
    this.#anyTurned ||= isTurned;
  }

  #tallyOf(match: Found<Item>): Tally {
    const key = this.#keyOf(match);
    const tally = this.#tallies.get(key) ?? { plain: 0, turned: 0 };
    this.#tallies.set(key, tally);
    return tally;
  }

  #keyOf(match: Found<Item>): string {
    const names = match.kind === 'open' ? match.names : match.reason;
    const inLayer = match.a.name.includes('experts.') ? 'experts' : 'layer';
    const place = layerOf(match.a.name).layerIndex === null ? 'outside' : inLayer;
    return `${match.a.shape?.length ?? 0} ${place} ${names}`;
  }

  /** Whether a square matrix of equal names may be transposed: others are, and none of its kind says otherwise. */
  leaveOpen(match: Match<Item>): boolean {
    if (!this.#anyTurned || match.a.shape === null || !isSquareShape(match.a.shape)) return false;
    const tally = this.#tallies.get(this.#keyOf(match));
    return tally === undefined || tally.turned > 0;
  }

  /** Arrangements, those first that are turned as most of the kind are. */
  inOrder(match: OpenMatch<Item>): readonly Arrangement[] {
    const tally = this.#tallies.get(this.#keyOf(match));
    if (tally === undefined || tally.turned < tally.plain || tally.turned === 0) return match.arrangements;
    const isTurned = (arrangement: Arrangement) => turnOf(arrangement) === 'turned';
    return [...match.arrangements.filter(isTurned), ...match.arrangements.filter((arrangement) => !isTurned(arrangement))];
  }
}

function turnOf({ sourceTransposed, resultTransposed }: Arrangement): 'plain' | 'turned' {
  return sourceTransposed === resultTransposed ? 'plain' : 'turned';
}

function isSquareShape(shape: readonly number[]): boolean {
  return shape.length >= 2 && shape.at(-1) === shape.at(-2);
}
