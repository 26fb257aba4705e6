import assert from 'node:assert/strict';
import { guessRoles } from '../../../src/extension/transfer/guessRoles.js';
import { finetunedScore, type ModelClues } from '../../../src/extension/transfer/modelClues.js';

function model(name: string, clues: Partial<ModelClues> = {}): ModelClues {
  return { path: `/models/${name}`, name, isDiffVector: false, hasChatTemplate: false, named: null, ...clues };
}

/** Distances between the models 0-1, 0-2 and 1-2. */
function distances(between01: number, between02: number, between12: number): (a: number, b: number) => number {
  return (a, b) => [between01, between02, between12][a + b - 1]!;
}

describe('guessRoles', () => {
  const old = model('llama-3');
  const tuned = model('llama-3-instruct', { hasChatTemplate: true, named: 'finetuned' });
  const released = model('llama-3.1');

  it('takes the model whose weights lie between the others as base, however far the fine-tuning went', () => {
    const near = guessRoles([released, tuned, old], distances(0.9, 0.7, 0.2));
    assert.deepEqual(near.models, { finetuned: tuned.path, base: old.path, target: released.path, delta: null });
    const far = guessRoles([released, tuned, old], distances(0.9, 0.2, 0.7));
    assert.deepEqual(far.models, near.models);
    assert.equal(far.reasons.base, 'its weights lie between those of the others');
  });

  it('finds the roles of a backport: the base is the new release', () => {
    const newTuned = model('llama-3.1-instruct', { hasChatTemplate: true });
    const { models } = guessRoles([old, released, newTuned], distances(0.6, 0.8, 0.3));
    assert.deepEqual(models, { finetuned: newTuned.path, base: released.path, target: old.path, delta: null });
  });

  it('takes the close pair together where the third is far from both, whichever way is longer by chance', () => {
    const stranger = model('stranger-instruct', { hasChatTemplate: true, named: 'finetuned' });
    for (const target of [released, stranger])
      for (const [toOld, toTuned] of [
        [0.99, 1],
        [1, 0.99],
      ] as const) {
        const guess = guessRoles([target, tuned, old], distances(toTuned, toOld, 0.2));
        assert.deepEqual(guess.models, { finetuned: tuned.path, base: old.path, target: target.path, delta: null });
        assert.equal(guess.reasons.target, 'far from both others');
      }
  });

  it('sees no close pair among three that are equally far apart', () => {
    const { reasons } = guessRoles([released, tuned, old], distances(1, 0.97, 0.95));
    assert.equal(reasons.base, 'its weights lie between those of the others');
  });

  it('says that it is unsure where nothing tells the models apart', () => {
    const { reasons, models } = guessRoles([old, released, model('other')]);
    assert.equal(reasons.finetuned, 'a guess: nothing tells them apart');
    assert.equal(reasons.base, 'a guess: nothing tells them apart');
    assert.equal(new Set(Object.values(models)).size, 4);
  });

  it('orders two models by chat template and name, else as selected', () => {
    assert.deepEqual(guessRoles([tuned, old]).models, { finetuned: tuned.path, base: old.path, target: null, delta: null });
    assert.deepEqual(guessRoles([old, released]).models, { finetuned: released.path, base: old.path, target: null, delta: null });
  });

  it('takes one model as fine-tuned or as target, and a diff vector as what it says', () => {
    assert.equal(guessRoles([tuned]).models.finetuned, tuned.path);
    assert.equal(guessRoles([old]).models.target, old.path);
    const delta = model('delta', { isDiffVector: true });
    assert.deepEqual(guessRoles([old, delta]).models, { finetuned: null, base: null, target: old.path, delta: delta.path });
  });

  it('refuses four models, and a diff vector among three', () => {
    assert.throws(() => guessRoles([old, tuned, released, model('d')]), /Select a fine-tuned version/);
    assert.throws(() => guessRoles([old, tuned, model('d', { isDiffVector: true })]), /Select a fine-tuned version/);
  });

  it('lets a name weigh more than a chat template, which base models have as well', () => {
    assert.ok(finetunedScore(model('a', { named: 'finetuned' })) > finetunedScore(model('b', { hasChatTemplate: true })));
    assert.ok(finetunedScore(model('a', { named: 'base', hasChatTemplate: true })) < 0);
  });
});
