import assert from 'node:assert/strict';
import { advise, type Advice, type RoundEvidence, type TaskEvidence } from '../../../src/recycle/index.js';
import { noisyScore } from '../connectivity/support/scores.js';

type Losses = Readonly<Record<'previousBase' | 'previousFineTune' | 'base' | 'start', number>>;

function task(name: string, losses: Losses, more: Partial<TaskEvidence> = {}): TaskEvidence {
  const scores = Object.fromEntries(Object.entries(losses).map(([model, loss]) => [model, noisyScore(loss)]));
  const about = { name, path: `${name}.txt`, kind: 'loss', hash: name } as const;
  return { task: about, barrier: null, optimum: null, ...(scores as Record<keyof Losses, ReturnType<typeof noisyScore>>), ...more };
}

function evidence(...tasks: readonly TaskEvidence[]): RoundEvidence {
  return { release: 'v2', source: 'v1', refusals: [], brokenTensors: [], tasks };
}

function barrier(verdict: 'barrier' | 'connected' | 'undecided'): Partial<TaskEvidence> {
  const sentence = `verdict: ${verdict}`;
  return { barrier: { verdict, height: 0.3, standardError: 0.01, alpha: 0.5, tolerance: 0.02, windowsNeeded: null, sentence } };
}

const good: Losses = { previousBase: 7.4, previousFineTune: 3.0, base: 7.3, start: 3.3 };

describe('advice before a round', () => {
  const cases: readonly (readonly [what: string, evidence: RoundEvidence, advice: Advice['advice'], reason: RegExp])[] = [
    [
      'a transfer that works',
      evidence(task('french', good)),
      'recycle',
      /\+ On french the start has loss 3\.3000 .* the new base 7\.3000: better by 4\.0/,
    ],
    [
      'a barrier between the bases, though the transfer works',
      evidence(task('french', good, barrier('barrier'))),
      'look closer',
      /− Between the two bases: verdict: barrier/,
    ],
    [
      'a low barrier, which adds nothing',
      evidence(task('french', good, barrier('connected'))),
      'recycle',
      /· Between the two bases: verdict: connected/,
    ],
    [
      'a low barrier and a transfer that fails',
      evidence(task('french', { ...good, start: 7.9 }, barrier('connected'))),
      'look closer',
      /− On french the start .* worse by 0\.6/,
    ],
    [
      'a new base that is ahead already',
      evidence(task('french', { ...good, base: 2.5 })),
      'fine-tune plainly',
      /− On french .* there is nothing to carry over/,
    ],
    [
      'no difference to carry over',
      evidence(task('french', { ...good, base: 3.0 })),
      'look closer',
      /\? On french .* no difference beyond noise/,
    ],
    [
      'a new base that is weaker than the old one',
      evidence(task('french', { ...good, previousBase: 5 })),
      'look closer',
      /− On french the new base .* worse by 2\.3.* weak targets/,
    ],
    [
      'a transfer that shows nothing',
      evidence(task('french', { ...good, start: 7.3 })),
      'look closer',
      /\? On french the start .* no difference beyond noise/,
    ],
    [
      'a transfer at the level of the fine-tune',
      evidence(task('french', { ...good, start: 2.9 })),
      'recycle',
      /· .* if that is enough, no training is needed/,
    ],
    [
      'a price that the fine-tune paid too',
      evidence(task('french', good), task('english', { previousBase: 3.2, previousFineTune: 4.9, base: 3.1, start: 4.9 })),
      'recycle',
      /· On english .* worse by 1\.8.* paid this price too \(4\.9000\)/,
    ],
    [
      'a price that the fine-tune did not pay',
      evidence(task('french', good), task('english', { previousBase: 3.2, previousFineTune: 3.2, base: 3.1, start: 4.9 })),
      'look closer',
      /− On english .* more than the earlier fine-tune lost/,
    ],
    ['no task', evidence(), 'look closer', /\? Nothing was measured/],
    [
      'a start that cannot be formed',
      { ...evidence(), refusals: ['other shapes.'] },
      'fine-tune plainly',
      /− The start cannot be formed: other shapes\./,
    ],
    [
      'a start with NaN',
      { ...evidence(task('french', good)), brokenTensors: ['w'] },
      'look closer',
      /− The start has values that are NaN or infinite in w/,
    ],
  ];

  for (const [what, given, expected, reason] of cases)
    it(`of ${what}: ${expected}`, () => {
      const { advice, reasons } = advise(given);
      assert.equal(advice, expected);
      const marks = { for: '+', against: '−', open: '?', remark: '·' };
      const text = reasons.map(({ stance, sentence }) => `${marks[stance]} ${sentence}`).join('\n');
      assert.match(text, reason);
    });

  it('never counts what comes without a standard error', () => {
    const outside = (value: number) => ({ kind: 'outside', value, higherIsBetter: true }) as const;
    const scores = { previousBase: outside(50), previousFineTune: outside(80), base: outside(50), start: outside(79) };
    const about = { name: 'gsm8k', path: 'lm_eval', kind: 'outside', hash: 'x' } as const;
    assert.equal(advise(evidence({ task: about, ...scores, barrier: null, optimum: null })).advice, 'look closer');
  });
});
