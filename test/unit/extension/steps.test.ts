import assert from 'node:assert/strict';
import { type AnyStep, AskAgain, askSteps } from '../../../src/extension/kit/steps.js';

interface Said {
  readonly words: readonly string[];
}

describe('Steps of a wizard', () => {
  it('are asked again from where an answer turns out to be wrong', async () => {
    const asked: string[] = [];
    const say = (word: string): AnyStep<Said> => ({
      isNeeded: () => true,
      ask: ({ words }, { step, totalSteps }) => {
        asked.push(`${word} ${step}/${totalSteps}`);
        return Promise.resolve({ words: [...words, word] });
      },
    });
    const task = say('task');
    const review: AnyStep<Said> = {
      isNeeded: () => true,
      ask: (draft) => Promise.resolve(draft.words.includes('again') ? draft : new AskAgain(task, { words: ['again'] })),
    };
    const draft = await askSteps('Title', [say('model'), task, say('grid'), review], { words: [] });
    assert.deepEqual(asked, ['model 1/4', 'task 2/4', 'grid 3/4', 'task 2/4', 'grid 3/4']);
    assert.deepEqual(draft, { words: ['again', 'task', 'grid'] });
  });
});
