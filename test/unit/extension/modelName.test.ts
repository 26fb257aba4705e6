import assert from 'node:assert/strict';
import { distinctNames } from '../../../src/extension/modelName.js';

describe('names of models side by side', () => {
  it('are short where they differ', () => {
    assert.deepEqual(distinctNames(['/m/base-1', '/m/tuned.safetensors']), ['base-1', 'tuned']);
  });

  it('have as many folders before them as tell them apart', () => {
    const paths = ['/runs/a/checkpoint-500', '/runs/b/checkpoint-500', '/old/b/checkpoint-500', '/runs/b/checkpoint-1000'];
    assert.deepEqual(distinctNames(paths), ['a/checkpoint-500', 'runs/b/checkpoint-500', 'old/b/checkpoint-500', 'checkpoint-1000']);
  });

  it('end at the root, and are equal for one model twice', () => {
    assert.deepEqual(distinctNames(['/model', '/a/model', '/a/model']), ['model', 'a/model', 'a/model']);
    assert.deepEqual(distinctNames(['/model', '/model']), ['model', 'model']);
  });
});
