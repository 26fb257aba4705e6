import type { Draft, ModelRole } from './draft.js';
import { noModels } from './draft.js';
import { finetunedScore, type ModelClues } from './modelClues.js';
import { maxOf } from '../../base/extremes.js';

/** Roles guessed for the selected models, and why each, as a clause. */
export interface RoleGuess {
  readonly models: Draft['models'];
  readonly reasons: Partial<Record<ModelRole, string>>;
}

/** ‖Δ‖ of a tensor between two of the models, given by their places in the list. */
export type Distance = (a: number, b: number) => number | null;

const unsure = 'a guess: nothing tells them apart';

function reasonOf(model: ModelClues): string {
  const signs = [model.hasChatTemplate ? 'has a chat template' : '', model.named === 'finetuned' ? 'its name says so' : ''].filter(
    (sign) => sign !== '',
  );
  return signs.length > 0 ? signs.join(', ') : unsure;
}

function guessOne(model: ModelClues): RoleGuess {
  if (finetunedScore(model) > 0) return { models: { ...noModels, finetuned: model.path }, reasons: { finetuned: reasonOf(model) } };
  return { models: { ...noModels, target: model.path }, reasons: { target: 'looks like a base model' } };
}

/** More like a fine-tuned version first; as selected where nothing tells them apart. */
function byScore(models: readonly ModelClues[]): ModelClues[] {
  return [...models].sort((a, b) => finetunedScore(b) - finetunedScore(a));
}

function guessPair(models: readonly ModelClues[]): RoleGuess {
  const [first, second] = models as readonly [ModelClues, ModelClues];
  const isClear = finetunedScore(first) !== finetunedScore(second);
  const [finetuned, base] = isClear ? (byScore(models) as [ModelClues, ModelClues]) : [second, first];
  const reasons = isClear
    ? { finetuned: reasonOf(finetuned), base: 'the other of the two' }
    : { finetuned: unsure, base: 'selected first' };
  return { models: { ...noModels, finetuned: finetuned.path, base: base.path }, reasons };
}

/** ‖Δ‖ of the sides opposite to each of three models; null unless all are known. */
function oppositeSides(distance: Distance): readonly [number, number, number] | null {
  const sides = [distance(1, 2), distance(0, 2), distance(0, 1)];
  return sides.every((side) => side !== null && Number.isFinite(side)) ? (sides as [number, number, number]) : null;
}

/**
 * The base lies between the others: fine-tuning and further training lead away from it in their own directions, so that
 * the longest way is from the fine-tuned version to the target.
 */
function middleOf(sides: readonly number[]): number | null {
  const longest = maxOf(sides);
  const opposite = sides.indexOf(longest);
  return longest > 0 && sides.indexOf(longest, opposite + 1) < 0 ? opposite : null;
}

/** A pair is close when both are so many times as far from the third, which is about equally far from both. */
const closeness = 2;
const equally = 0.95;

/**
 * An unrelated target is as far from the base as from the fine-tuned version, so that chance decides which way is the
 * longest.
 * @returns the place of the model that is far from the other two, if there is one
 */
function outsiderOf(sides: readonly number[]): number | null {
  const [shortest, shorter, longest] = sides.toSorted((a, b) => a - b) as [number, number, number];
  return shorter > closeness * shortest && shorter >= equally * longest ? sides.indexOf(shortest) : null;
}

/** What is known of the two that are close says which one is fine-tuned; null where it says nothing. */
function guessClosePair(models: readonly ModelClues[], outsider: number): RoleGuess | null {
  const target = models[outsider]!;
  const [finetuned, base] = byScore(models.filter((model) => model !== target)) as [ModelClues, ModelClues];
  if (finetunedScore(finetuned) === finetunedScore(base)) return null;
  const reasons = { finetuned: reasonOf(finetuned), base: 'the one close to the fine-tuned version', target: 'far from both others' };
  return { models: { ...noModels, finetuned: finetuned.path, base: base.path, target: target.path }, reasons };
}

function guessThree(models: readonly ModelClues[], distance: Distance): RoleGuess {
  const sides = oppositeSides(distance);
  const outsider = sides === null ? null : outsiderOf(sides);
  const closePair = outsider === null ? null : guessClosePair(models, outsider);
  return closePair ?? guessByMiddle(models, sides === null ? null : middleOf(sides));
}

function guessByMiddle(models: readonly ModelClues[], middle: number | null): RoleGuess {
  const ranked = byScore(middle === null ? models : models.filter((_, index) => index !== middle));
  const [finetuned] = ranked as [ModelClues];
  const others = models.filter((model) => model !== finetuned);
  const base = middle === null ? others[0]! : models[middle]!;
  const target = others.find((model) => model !== base)!;
  const isClear = finetunedScore(finetuned) > finetunedScore(ranked[1]!);
  const reasons = {
    finetuned: isClear ? reasonOf(finetuned) : unsure,
    base: middle === null ? unsure : 'its weights lie between those of the others',
    target: 'the third',
  };
  return { models: { ...noModels, finetuned: finetuned.path, base: base.path, target: target.path }, reasons };
}

/** A diff vector is what it says; the other model selected with it is the target. */
function guessWithDelta(delta: ModelClues, others: readonly ModelClues[]): RoleGuess {
  const [target] = others;
  const reasons = { delta: 'a saved diff vector', ...(target === undefined ? {} : { target: 'the other of the two' }) };
  return { models: { ...noModels, delta: delta.path, target: target?.path ?? null }, reasons };
}

/**
 * Guesses which of one to three selected models is fine-tuned, base and target.
 * @throws Error when there are more, or several diff vectors
 */
export function guessRoles(models: readonly ModelClues[], distance: Distance = () => null): RoleGuess {
  const [delta, ...moreDeltas] = models.filter(({ isDiffVector }) => isDiffVector);
  if (models.length > 3 || moreDeltas.length > 0 || (delta !== undefined && models.length > 2)) {
    throw new Error('Select a fine-tuned version, its base and a target, or some of these; or a diff vector and a target.');
  }
  if (delta !== undefined)
    return guessWithDelta(
      delta,
      models.filter((model) => model !== delta),
    );
  if (models.length === 3) return guessThree(models, distance);
  if (models.length === 2) return guessPair(models);
  return models[0] === undefined ? { models: noModels, reasons: {} } : guessOne(models[0]);
}
