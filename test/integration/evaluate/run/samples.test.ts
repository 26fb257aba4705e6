import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { interpolation, transfer, type Combination } from '../../../../src/combine/index.js';
import { defaultSettings, evaluate, type EvaluateReport } from '../../../../src/evaluate/index.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

const root = join(__dirname, '../../../..');
const model = (role: string, name: string) => ({ role, path: join(root, 'samples', name), expect: 'checkpoint' as const });
const inputs = [model('b1', 'base-1'), model('b2', 'base-2'), model('f1', 'finetuned-1')];
const choices = { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' } as const;

/** Goldens made with transformers from written checkpoints: scripts/goldens/curve_goldens.py. */
interface Goldens {
  readonly window: number;
  readonly windows: number;
  readonly scores: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

function combinationOf(label: string): Combination {
  const [kind, at] = label.split(' ');
  const x = Number(at);
  if (kind === 'interpolate') return interpolation('b1', 'b2', x);
  return kind === 'sweep' ? transfer('b2', 'f1', 'b1', x) : transfer('f1', 'b2', 'b1', x);
}

/** The first characters of a held-out text, with more than the goldens' windows in them. */
async function beginningOf(text: string, path: string): Promise<string> {
  await writeFile(path, (await readFile(join(root, 'samples/text', `${text}.txt`), 'utf8')).slice(0, 8000));
  return path;
}

describe('scores of combinations of the samples', () => {
  const folder = temporaryFolder();
  let goldens: Goldens;
  let report: EvaluateReport;

  before(async function () {
    this.timeout(60_000);
    goldens = JSON.parse(await readFile(join(root, 'test/goldens/curve/expected.json'), 'utf8')) as Goldens;
    const candidates = Object.keys(goldens.scores).map((label) => ({ label, combination: combinationOf(label) }));
    const tasks = [await beginningOf('french', folder('french.txt')), await beginningOf('python', folder('python.txt'))];
    report = await evaluate({ inputs, candidates, tasks, choices, settings: { ...defaultSettings, window: goldens.window } });
  });

  it('are those of written checkpoints in transformers, window by window', () => {
    for (const { label, scores } of report.candidates) {
      for (const [index, { name }] of report.tasks.entries()) {
        const score = scores[index]!;
        assert.ok(score.kind === 'loss');
        const expected = goldens.scores[label]![name]!;
        assert.ok(score.itemNats.length > expected.length);
        for (const [window, nats] of expected.entries())
          assert.ok(Math.abs(score.itemNats[window]! - nats) < 1e-4 * (goldens.window - 1), `${label}, ${name}, window ${window}`);
      }
    }
  });

  it('name tasks, inputs and formulas', () => {
    assert.deepEqual(
      report.tasks.map(({ name, kind }) => [name, kind]),
      [
        ['french', 'loss'],
        ['python', 'loss'],
      ],
    );
    assert.deepEqual(report.inputs.map(({ role, name }) => `${role} ${name}`).sort(), ['b1 base-1', 'b2 base-2', 'f1 finetuned-1']);
    assert.equal(report.candidates.at(-1)!.formula, 'f1 + 1.0·(b2 − b1)');
  });
});
