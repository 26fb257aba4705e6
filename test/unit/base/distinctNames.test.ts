import assert from 'node:assert/strict';
import { parse } from 'node:path';
import { distinctNames } from '../../../src/base/distinctNames.js';

const named = (...paths: readonly string[]): string[] => distinctNames(paths, (path) => parse(path).name);

describe('names of files and folders side by side', () => {
  it('are short where they differ', () => {
    assert.deepEqual(named('/m/base-1', '/m/tuned.safetensors'), ['base-1', 'tuned']);
  });

  it('have their endings where these tell them apart', () => {
    assert.deepEqual(named('/m/tuned', '/m/tuned.safetensors'), ['tuned', 'tuned.safetensors']);
  });

  it('have as many folders before them as tell them apart', () => {
    const paths = ['/runs/a/checkpoint-500', '/runs/b/checkpoint-500', '/old/b/checkpoint-500', '/runs/b/checkpoint-1000'];
    assert.deepEqual(named(...paths), ['a/checkpoint-500', 'runs/b/checkpoint-500', 'old/b/checkpoint-500', 'checkpoint-1000']);
  });

  it('end at the root, and are equal for one path twice', () => {
    assert.deepEqual(named('/model', '/a/model', '/a/model'), ['/model', 'a/model', 'a/model']);
    assert.deepEqual(named('/model', '/model'), ['model', 'model']);
    assert.deepEqual(named('/'), ['/']);
  });
});
