import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeSafetensors, writeShardedCheckpoint, type TensorToWrite } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { encode } from '../../unit/compute/support/chunks.js';
import { root } from './support/runCli.js';

const tensor = (name: string, values: readonly number[]): TensorToWrite => ({
  name,
  dtype: 'F32',
  shape: [values.length],
  bytes: encode('F32', values),
});

/** The script of the action's last step, which is what GitHub would run. */
function actionScript(): string {
  const text = readFileSync(`${root}/action.yml`, 'utf8');
  const lines = text.slice(text.lastIndexOf('run: |') + 'run: |'.length).split('\n');
  return lines.map((line) => line.trim()).join('\n');
}

describe('changed weights of a pull request', () => {
  const at = temporaryFolder();
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: at('repository'), encoding: 'utf8' });
  let base = '';

  before(async () => {
    mkdirSync(at('repository'));
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.email', 'test@example.com');
    git('config', 'user.name', 'Test');
    await writeShardedCheckpoint(at('repository', 'models', 'big [1]'), [[tensor('x', [3])], [tensor('y', [4])]]);
    await writeSafetensors(at('repository', 'gone', 'model.safetensors'), [tensor('x', [1])]);
    await writeSafetensors(at('repository', 'equal', 'model.safetensors'), [tensor('x', [1])]);
    await writeSafetensors(at('repository', 'lone', 'a.safetensors'), [tensor('x', [1])]);
    await writeSafetensors(at('repository', 'lone', 'b.safetensors'), [tensor('x', [1])]);
    commit('base');
    base = git('rev-parse', 'HEAD').trim();
    await writeShardedCheckpoint(at('repository', 'models', 'big [1]'), [[tensor('x', [3])], [tensor('y', [5])]]);
    rmSync(at('repository', 'gone'), { recursive: true });
    await writeSafetensors(at('repository', 'new', 'model.safetensors'), [tensor('x', [1])]);
    await writeSafetensors(at('repository', 'lone', 'b.safetensors'), [tensor('x', [1.5])]);
    writeFileSync(at('repository', 'README.md'), 'no weights');
    commit('change');
  });

  function commit(message: string): void {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  }

  /** As a step of a workflow. */
  function step(inputs: { readonly base?: string; readonly failIf?: string; readonly paths?: string; readonly cwd?: string }) {
    const summary = at('summary.md');
    rmSync(summary, { force: true });
    const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', actionScript()], {
      cwd: inputs.cwd ?? at('repository'),
      encoding: 'utf8',
      env: {
        ...process.env,
        GITHUB_ACTION_PATH: root,
        GITHUB_STEP_SUMMARY: summary,
        BASE: inputs.base ?? base,
        FAIL_IF: inputs.failIf ?? '',
        PATHS: inputs.paths ?? '',
      },
    });
    return { status, stdout, stderr, summary: status === 2 ? '' : readFileSync(summary, 'utf8') };
  }

  it('names each model with what changed, and leaves the repository as it was', () => {
    const before = git('status', '--porcelain') + git('worktree', 'list');
    const { status, stdout, stderr, summary } = step({});
    assert.deepEqual([status, stderr.replaceAll(/^(?!.*error).*\n/gm, '')], [0, '']);
    assert.match(stdout, /^4 models changed since/);
    assert.match(stdout, /models\/big \[1\] +different +0\.200/);
    assert.match(stdout, /lone\/b\.safetensors +different +0\.500/);
    assert.match(stdout, /gone +removed/);
    assert.match(stdout, /new +new/);
    assert.doesNotMatch(stdout, /equal|lone\/a/);
    assert.match(summary, /^# Model weights: 4 models changed/);
    assert.match(summary, /\| models\/big \\\[1\\\] \| different \| 0\.200 \|/);
    assert.match(summary, /<details><summary>lone\/b\.safetensors/);
    assert.equal(git('status', '--porcelain') + git('worktree', 'list'), before);
  });

  it('fails with 1 where a rule is broken, and says by which tensors', () => {
    const { status, stdout, summary } = step({ failIf: 'relativeChange > 0.3\n\n*: cosine < 0.5\n' });
    assert.equal(status, 1);
    assert.match(stdout, /broken: relativeChange > 0\.3 \(it is 0\.5\)/);
    assert.match(summary, /\| 1 broken, 1 passed \|/);
    assert.match(summary, /\*\*broken\*\* relativeChange \\> 0\.3 \(it is 0\.5\): x/);
  });

  it('fails with 3 where a rule is undecided', () => {
    assert.equal(step({ failIf: 'y: relativeChange > 0.3', paths: 'lone' }).status, 3);
  });

  it('a pattern may fit one model only', () => {
    assert.equal(step({ failIf: 'y: relativeChange > 0.3' }).status, 0);
  });

  it('looks at the paths that are named, from any folder', () => {
    const { status, stdout } = step({ paths: 'big [1]', cwd: at('repository', 'models') });
    assert.equal(status, 0);
    assert.match(stdout, /^1 model changed since/);
  });

  it('fetches a base that a shallow clone lacks', () => {
    execFileSync('git', ['-C', at('repository'), 'config', 'uploadpack.allowReachableSHA1InWant', 'true']);
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${at('repository')}`, at('shallow')]);
    const { status, stdout } = step({ cwd: at('shallow') });
    assert.equal(status, 0);
    assert.match(stdout, /^4 models changed since/);
  });

  it('fails with 2 for a commit that is nowhere, none, and what is taken for an option', () => {
    for (const name of ['0123456789012345678901234567890123456789', '', '--output=x']) {
      const { status, stderr } = step({ base: name });
      assert.equal(status, 2, name);
      assert.match(stderr, /commit|COMMIT/i);
    }
  });

  it('says which model cannot be compared, and compares the others', () => {
    renameSync(at('repository', 'lone', 'b.safetensors'), at('kept'));
    writeFileSync(at('repository', 'lone', 'b.safetensors'), 'version https://git-lfs.github.com/spec/v1\n');
    const { status, stdout } = step({ paths: 'lone\nmodels' });
    renameSync(at('kept'), at('repository', 'lone', 'b.safetensors'));
    assert.equal(status, 2);
    assert.match(stdout, /error: lone\/b\.safetensors: .*/);
    assert.match(stdout, /big \[1\] +different/);
  });

  it('rules are words of nobody: a shell would run this', () => {
    const { status, stderr } = step({ failIf: '$(touch pwned); relativeChange > 0.1' });
    assert.equal(status, 2);
    assert.match(stderr, /is not a rule|no metric/);
  });
});
