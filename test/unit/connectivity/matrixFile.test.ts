import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { parseMatrixFile } from '../../../src/connectivity/index.js';

const folder = resolve('/study');
const parse = (value: unknown) => parseMatrixFile(typeof value === 'string' ? value : JSON.stringify(value), 'm.json', folder);
const version = { name: 'v1', base: 'base-1', finetuned: 'ft-1' };

describe('matrix file', () => {
  it('leaves tasks to the command line', () => {
    assert.deepEqual(parse({ versions: [version, { base: 'base-2' }] }).tasks, []);
  });

  it('names tasks and versions by paths relative to itself', () => {
    const { tasks, versions, inputs } = parse({ tasks: ['text.txt'], versions: [version, { base: '/abs/base-2' }] });
    assert.deepEqual(tasks, [resolve(folder, 'text.txt')]);
    assert.deepEqual(versions, [
      { name: 'v1', base: 'v1 base', finetuned: 'v1 fine-tuned' },
      { name: 'base-2', base: 'base-2 base', finetuned: null },
    ]);
    assert.deepEqual(
      inputs.map(({ role, path }) => [role, path]),
      [
        ['v1 base', resolve(folder, 'base-1')],
        ['v1 fine-tuned', resolve(folder, 'ft-1')],
        ['base-2 base', resolve('/abs/base-2')],
      ],
    );
  });

  it('gives a model that several versions share one role', () => {
    const { versions, inputs } = parse({ tasks: [], versions: [version, { name: 'v2', base: 'ft-1' }] });
    assert.deepEqual([versions[1]?.base, inputs.length], ['v1 fine-tuned', 2]);
  });

  for (const [value, message] of [
    ['{', /^Error: m\.json is not valid JSON .* looks like \{ "tasks"/],
    ['[]', /the file has to be an object, but it is \[\]/],
    [{ tasks: 'text.txt', versions: [version, version] }, /"tasks" has to be a list, but it is "text\.txt"/],
    [{ tasks: [1], versions: [version, version] }, /tasks\[0\] has to be text that is not empty, but it is 1/],
    [{ tasks: [], versions: [version] }, /"versions" has to be a list of at least 2/],
    [{ tasks: [], versions: [version, 'base-2'] }, /versions\[1\] has to be an object, but it is "base-2"/],
    [{ tasks: [], versions: [version, { name: 'v2' }] }, /versions\[1\]\.base has to be text/],
    [{ tasks: [], versions: [version, { base: 'x', finetuned: 3 }] }, /versions\[1\]\.finetuned has to be text/],
    [
      { tasks: [], versions: [version, { base: 'x', fine_tuned: 'y' }] },
      /versions\[1\] has "fine_tuned", which is none of name, base, finetuned/,
    ],
    [{ tasks: [], versions: [version, { ...version, base: 'x' }] }, /two versions have the name "v1"/],
  ] as const) {
    it(`refuses ${JSON.stringify(value).slice(0, 70)}`, () => assert.throws(() => parse(value), message));
  }
});
