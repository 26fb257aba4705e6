import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from '../../../src/compute/index.js';

describe('inOrder', () => {
  it('yields results in the order of the items, whichever is ready first', async () => {
    const yielded: [number, string][] = [];
    const work = (item: number) => sleep(item).then(() => `${item} ms`);
    for await (const { item, result } of inOrder([12, 1, 8, 0, 4], work, 3)) yielded.push([item, result]);
    assert.deepEqual(yielded, [
      [12, '12 ms'],
      [1, '1 ms'],
      [8, '8 ms'],
      [0, '0 ms'],
      [4, '4 ms'],
    ]);
  });

  it('never has more than `lookAhead` in flight, and takes items only as it needs them', async () => {
    let [inFlight, most, taken] = [0, 0, 0];
    function* items(): Generator<number> {
      for (; taken < 10;) yield taken++;
    }
    const work = async () => {
      most = Math.max(most, ++inFlight);
      await sleep(1);
      inFlight--;
    };
    const iterator = inOrder(items(), work, 4);
    await iterator.next();
    assert.equal(taken, 4);
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) assert.ok(inFlight <= 4);
    assert.deepEqual([most, taken, inFlight], [4, 10, 0]);
  });

  it('ends with the first failure in order, and starts nothing after it', async () => {
    const started: string[] = [];
    const work = (item: string) => {
      started.push(item);
      return item.startsWith('bad') ? Promise.reject(new Error(item)) : Promise.resolve(item);
    };
    const yielded: string[] = [];
    const consume = async () => {
      for await (const { result } of inOrder(['a', 'bad 1', 'bad 2', 'b', 'c'], work, 3)) yielded.push(result);
    };
    await assert.rejects(consume(), { message: 'bad 1' });
    assert.deepEqual([yielded, started], [['a'], ['a', 'bad 1', 'bad 2', 'b']]);
  });

  it('of no items yields nothing', async () => {
    assert.equal((await inOrder([], () => Promise.resolve(), 2).next()).done, true);
  });
});
