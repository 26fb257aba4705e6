import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import {
  addressExists,
  addressInFile,
  addressOfSum,
  parseSum,
  placesOfAddress,
  resolveAddress,
  titleOf,
} from '../../../src/checkpoint/index.js';
import { inTemporaryFolder } from '../../support/inTemporaryFolder.js';

const withFolders = (names: readonly string[], body: (folder: string) => void): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    for (const name of names) await mkdir(join(folder, name), { recursive: true });
    body(folder);
  });

describe('addresses of base and adapters', () => {
  const cases: Readonly<Record<string, readonly [there: string[], text: string, base: string, adapters: [string, number][]]>> = {
    'one adapter': [['base', 'ad'], 'base+ad', 'base', [['ad', 1]]],
    'several, with factors': [
      ['base', 'ad', 'other'],
      'base+ad*0.5+other*-1e-2',
      'base',
      [
        ['ad', 0.5],
        ['other', -0.01],
      ],
    ],
    parts: [['cache', 'ad'], 'cache#main+ad#v1*2', 'cache#main', [['ad#v1', 2]]],
    'a path that holds a plus': [['base+ad', 'base', 'ad'], 'base+ad', 'base+ad', []],
    'the longest path wins': [['a+b', 'a', 'b', 'c'], 'a+b+c', 'a+b', [['c', 1]]],
    'a plus in the name of an adapter': [['base', 'x+y'], 'base+x+y*3', 'base', [['x+y', 3]]],
    'a star in the name of an adapter': [['base', 'x*3'], 'base+x*3', 'base', [['x*3', 1]]],
    'an adapter that is not there': [
      ['base'],
      'base+gone*2+more',
      'base',
      [
        ['gone', 2],
        ['more', 1],
      ],
    ],
    'nothing there': [[], 'base+ad', 'base+ad', []],
    'the same adapter twice': [
      ['base', 'ad'],
      'base+ad+ad',
      'base',
      [
        ['ad', 1],
        ['ad', 1],
      ],
    ],
  };
  for (const [title, [there, text, base, adapters]] of Object.entries(cases)) {
    it(title, () =>
      withFolders(there, (folder) => {
        const expected = { base, adapters: adapters.map(([address, scale]) => ({ address, scale })) };
        assert.deepEqual(parseSum(text, folder), expected);
        const absolute = resolveAddress(text, folder);
        assert.equal(
          absolute,
          addressOfSum({
            base: resolve(folder, base),
            adapters: adapters.map(([address, scale]) => ({ address: resolve(folder, address), scale })),
          }),
        );
        assert.deepEqual(parseSum(absolute).adapters.length, adapters.length);
        assert.equal(addressInFile(text, folder), absolute);
      }),
    );
  }

  it('are there when every term is', () =>
    withFolders(['base', 'ad'], (folder) => {
      assert.equal(addressExists(`${folder}/base+${folder}/ad`), true);
      assert.equal(addressExists(`${folder}/base+${folder}/gone`), false);
      assert.deepEqual(placesOfAddress(`${folder}/base+${folder}/ad*2`), [join(folder, 'base'), join(folder, 'ad')]);
    }));

  it('have a title without being looked at', () => {
    assert.equal(titleOf('/m/base-1+/m/adapters/chat*0.5'), 'base-1+chat*0.5');
    assert.equal(titleOf('/m/a+b'), 'a+b');
  });

  it('that a file names by absolute paths are not looked at', () => {
    assert.equal(addressInFile('/m/base+/n/ad*2', '/f'), '/m/base+/n/ad*2');
    assert.equal(addressInFile('base+/n/ad', '/f'), '/f/base+/n/ad');
  });

  it('come back from their text', () =>
    withFolders(['b', 'x', 'y'], (folder) => {
      const term = fc.record({
        address: fc.constantFrom(join(folder, 'x'), join(folder, 'y')),
        scale: fc.double({ noNaN: true, noDefaultInfinity: true }),
      });
      fc.assert(
        fc.property(fc.array(term, { maxLength: 4 }), (adapters) => {
          const sum = { base: join(folder, 'b'), adapters: adapters.map(({ address, scale }) => ({ address, scale: scale + 0 })) };
          assert.deepEqual(parseSum(addressOfSum(sum)), sum);
        }),
        { numRuns: 200, seed: 5 },
      );
    }));
});
