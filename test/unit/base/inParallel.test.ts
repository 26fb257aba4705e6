import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { inParallel } from '../../../src/base/inParallel.js';

describe('work in parallel', () => {
  it('gives the results in order with at most eight at work', async () => {
    let [atWork, peak] = [0, 0];
    const items = Array.from({ length: 50 }, (_, i) => i);
    const results = await inParallel(items, async (item, index) => {
      peak = Math.max(peak, ++atWork);
      await sleep((item * 7) % 5);
      atWork--;
      return `${item}:${index}`;
    });
    assert.deepEqual(
      results,
      items.map((item) => `${item}:${item}`),
    );
    assert.equal(peak, 8);
    assert.deepEqual(await inParallel([], () => Promise.resolve(1)), []);
  });

  it('rejects with the first failure and begins nothing after it', async () => {
    let begun = 0;
    const work = async (item: number): Promise<void> => {
      begun++;
      await sleep(1);
      if (item === 3) throw new Error('the third fails');
      await sleep(5);
    };
    await assert.rejects(
      inParallel(
        Array.from({ length: 100 }, (_, i) => i),
        work,
      ),
      /the third fails/,
    );
    await sleep(30);
    assert.equal(begun, 8);
  });
});
