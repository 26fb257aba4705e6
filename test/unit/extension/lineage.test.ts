import assert from 'node:assert/strict';
import { appendFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { nextRoundPage } from '../../../src/extension/lineage/rounds/nextRoundPage.js';
import { followFile } from '../../../src/extension/lineage/training/followFile.js';
import { childrenOf } from '../../../src/extension/lineage/view/lineageNodes.js';
import { describeDue, describeScore, describeScoreFully } from '../../../src/extension/lineage/view/words.js';
import { commandProblem, lineageOf, lineagePathProblem } from '../../../src/extension/lineage/wizard/newLineageDraft.js';
import { sharedRounds } from '../../../src/extension/sharedRounds.js';
import type { LineageStatus, NextReport, ReleaseStatus, RoundEvidence } from '../../../src/recycle/report/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { lossScore } from '../../webview/harness/connectivityFixtures.js';

function release(name: string, part: Partial<ReleaseStatus> = {}): ReleaseStatus {
  const model = { role: 'base', path: `/m/${name}`, isThere: true } as const;
  return { name, state: 'new', models: [model], delta: null, scores: [], training: [], problems: [], remarks: [], ...part };
}

function status(part: Partial<LineageStatus> = {}): LineageStatus {
  const next = { kind: 'round', release: 'v2', fineTune: 'finetuned', start: 'base(v2) + …', needsStart: true } as const;
  const releases = [release('v1', { state: 'finetuned' }), release('v2')];
  return { path: '/m/llama.lineage.json', strategy: 'iterative', tasks: [], command: null, releases, next, disagreements: [], ...part };
}

describe('A new lineage', () => {
  it('has paths from its own folder, and its command as arguments', () => {
    const draft = {
      strategy: 'direct',
      tasks: ['/ws/text/french.txt'],
      command: "python train.py '{start}' {out}",
      path: '/ws/m/x.lineage.json',
    } as const;
    const { tasks, command } = lineageOf(draft);
    assert.deepEqual([tasks, command], [['../text/french.txt'], ['python', 'train.py', '{start}', '{out}']]);
    assert.equal(lineageOf({ ...draft, command: ' ' }).command, null);
  });

  it('is told what is wrong with its command and its path as they are typed', () => {
    assert.deepEqual([commandProblem(''), commandProblem('train {start} {out}')], [null, null]);
    assert.match(commandProblem('train {start}') ?? '', /put \{out\}/);
    assert.match(commandProblem('train {out} | tee log') ?? '', /no shell runs it/);
    assert.equal(lineagePathProblem('/nowhere/x.lineage.json'), null);
    for (const path of ['x.lineage.json', '/nowhere/x.json', '/nowhere/.lineage.json'])
      assert.notEqual(lineagePathProblem(path), null, path);
  });
});

describe('The Lineage view', () => {
  it('says what is due', () => {
    assert.equal(describeDue(status()), 'next: fine-tune v2');
    assert.equal(describeDue(status({ next: { kind: 'complete', sentence: '' } })), 'all 2 fine-tuned');
    assert.equal(describeDue(status({ next: { kind: 'complete', sentence: '' }, releases: [] })), 'no release yet');
  });

  it('shows scores with their errors, and that a model had none that is finite', () => {
    const score = {
      model: 'base',
      task: 'text/french.txt',
      kind: 'loss',
      value: 3.30612,
      standardError: 0.0121,
      bitsPerByte: null,
      basis: '',
    } as const;
    assert.deepEqual([describeScore(score), describeScoreFully(score)], ['loss 3.3061', 'french: loss 3.306 ± 0.012']);
    assert.equal(describeScore({ ...score, value: null }), 'loss not finite');
  });

  it('puts problems before what they are about', () => {
    const lying = status({ disagreements: ['v2: the file lies.'], releases: [release('v2', { problems: ['/m/v2 is gone.'] })] });
    const nodes = childrenOf({ kind: 'read', path: lying.path, status: lying });
    assert.deepEqual(
      nodes.map(({ kind }) => kind),
      ['problem', 'release'],
    );
    assert.deepEqual(
      childrenOf(nodes[1]!).map(({ kind }) => kind),
      ['problem', 'model'],
    );
  });
});

describe('The page of a round', () => {
  const task = { name: 'french', path: '/t/french.txt', kind: 'loss', hash: 'f' } as const;
  const scores = { previousBase: lossScore(7.361), previousFineTune: lossScore(3.129), base: lossScore(7.233), start: lossScore(3.41) };
  const evidence: RoundEvidence = {
    release: 'v2',
    source: 'v1',
    refusals: [],
    brokenTensors: [],
    tasks: [{ task, ...scores, barrier: null, optimum: null }],
  };
  const report: NextReport = {
    status: status(),
    plan: null,
    evidence,
    advice: { advice: 'look closer', reasons: [{ stance: 'against', sentence: 'On <b>french</b> it is worse.' }] },
  };

  it('gives the advice with its reasons, and every score with its error', () => {
    const page = nextRoundPage(report);
    assert.match(page, /# llama: the round of v2[^]*## Advice: look closer\n\n- \*\*−\*\* On \\<b\\>french\\<\/b\\> it is worse\./);
    assert.match(page, /\| french \| loss, nats per token \| 7\.361 ± 0\.021 \| 3\.129 ± 0\.021 \| 7\.233 ± 0\.021 \| 3\.410 ± 0\.021 \|/);
    assert.match(page, /The start is written already\./);
  });

  it('says that nothing is recycled where a round starts from its base', () => {
    assert.match(nextRoundPage({ ...report, evidence: null, advice: null }), /starts from a base as it is: nothing is recycled/);
  });
});

describe('Following a file', () => {
  const at = temporaryFolder();

  it('hands on all of it, characters whole, until its writer has ended', async () => {
    const path = at('run.log');
    await writeFile(path, 'begun\n');
    const texts: string[] = [];
    let end: (code: number) => void = () => undefined;
    const following = followFile(path, (text) => texts.push(text), new Promise<number>((resolve) => (end = resolve)));
    const bytes = new TextEncoder().encode('λ');
    await appendFile(path, bytes.subarray(0, 1));
    await delay(400);
    assert.equal(texts.join(''), 'begun\n');
    await appendFile(path, bytes.subarray(1));
    await appendFile(path, ' ended\n');
    end(0);
    await following;
    assert.equal(texts.join(''), 'begun\nλ ended\n');
  });
});

describe('Shared rounds', () => {
  it('run one at a time, and once more for all who asked meanwhile', async () => {
    let [running, most, count] = [0, 0, 0];
    const refresh = sharedRounds(async () => {
      most = Math.max(most, ++running);
      count++;
      await delay(5);
      running--;
    });
    await Promise.all([refresh(), refresh(), refresh()]);
    assert.deepEqual([most, count], [1, 2]);
    await refresh();
    assert.equal(count, 3);
  });

  it('go on after a failure', async () => {
    let fails = true;
    const refresh = sharedRounds(() => (fails ? Promise.reject(new Error('gone')) : Promise.resolve()));
    await assert.rejects(refresh(), /gone/);
    fails = false;
    await refresh();
  });
});
