import assert from 'node:assert/strict';
import { editDistance, nearestName } from '../../../src/cli/nearestName.js';

describe('nearest name', () => {
  it('counts edits', () => {
    const distances = [
      ['kitten', 'sitting', 3],
      ['', 'abc', 3],
      ['saturday', 'sunday', 3],
      ['base', 'base', 0],
      ['tpo', 'top', 1],
      ['ca', 'abc', 3],
    ] as const;
    for (const [a, b, edits] of distances) assert.deepEqual([editDistance(a, b), editDistance(b, a)], [edits, edits], `${a} ${b}`);
  });

  it('is the one that is meant, or none', () => {
    const names = ['finetuned', 'base', 'target', 'out', 'dry-run'];
    const meant = [
      ['fintuned', 'finetuned'],
      ['dryrun', 'dry-run'],
      ['targt', 'target'],
      ['fine', 'finetuned'],
      ['workers', null],
      ['', null],
    ] as const;
    for (const [written, name] of meant) assert.equal(nearestName(written, names), name, written);
  });
});
