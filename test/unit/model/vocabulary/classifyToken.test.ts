import assert from 'node:assert/strict';
import { classifyToken, type Classified } from '../../../../src/model/vocabulary/classifyToken.js';

/** Presence written as letters, `-` for absent, `*` for a special token, `w` for a whole row of a diff vector. */
function classify(letters: string, contributors: Parameters<typeof classifyToken>[2], differences: readonly number[] = []): Classified {
  const inputs = Array.from(letters);
  const presence = {
    has: inputs.map((letter) => letter !== '-'),
    isWhole: inputs.map((letter) => letter === 'w'),
    isDifference: inputs.map((_, input) => differences.includes(input)),
    isSpecial: inputs.map((letter) => letter === '*'),
  };
  return classifyToken(presence, 0, contributors);
}

function check(
  table: Readonly<Record<string, string>>,
  contributors: Parameters<typeof classifyToken>[2],
  differences: readonly number[] = [],
): void {
  for (const [letters, expected] of Object.entries(table)) {
    const { fate, from } = classify(letters, contributors, differences);
    assert.equal(from === null ? fate : `${fate} from ${from}`, expected, letters);
  }
}

describe('fate of a token', () => {
  it('follows the table, for every presence in target, fine-tuned version and base', () => {
    const table = {
      TFB: 'combined',
      'T*B': 'combined',
      'TF-': 'without-difference',
      'T*-': 'without-difference',
      'T-B': 'kept',
      'T--': 'kept',
      '-F-': 'added from 1',
      '-*-': 'added from 1',
      '-*B': 'added from 1',
      '-FB': 'left-out',
      '--B': 'left-out',
      '---': 'left-out',
    };
    assert.equal(Object.keys(table).length, 2 * 3 * 2);
    check(table, [{ plus: 1, minus: 2 }]);
  });

  it('brings all tokens of a version that is added without a base', () => {
    check({ AB: 'combined', 'A-': 'kept', '-B': 'added from 1', '-*': 'added from 1', '--': 'left-out' }, [{ plus: 1, minus: null }]);
  });

  it('takes a diff vector for a fine-tuned version and its base in one', () => {
    check(
      { TD: 'combined', Tw: 'without-difference', 'T-': 'kept', '-w': 'added from 1', '-D': 'left-out', '--': 'left-out' },
      [{ plus: 1, minus: null }],
      [1],
    );
  });

  it('adds from the first version that introduces a token', () => {
    const two = [
      { plus: 1, minus: 2 },
      { plus: 3, minus: 4 },
    ];
    check(
      {
        TFBGC: 'combined',
        '-F-G-': 'added from 1',
        '-FBG-': 'added from 3',
        '---G-': 'added from 3',
        'TFB--': 'without-difference',
        'T-B-C': 'kept',
      },
      two,
    );
  });

  it('adds nothing from versions that are subtracted or left out', () => {
    check({ 'T-B': 'kept', '-F-': 'left-out', TFB: 'combined' }, []);
  });
});
