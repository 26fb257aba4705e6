import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { planTransfer, Workspace, writeFamily } from '../../../support/combineFamily.js';
import { withoutPrivileges } from '../../../support/withoutPrivileges.js';
import type { CombinePlan } from '../../../../src/combine/index.js';
import { runCombine, type RunOptions } from '../../../../src/combine/run/index.js';

const quick: RunOptions = { sync: false, workers: 1 };

describe('files beside the weights of an output', () => {
  let space: Workspace;

  beforeEach(async () => {
    space = await Workspace.make();
    await chmod(space.folder, 0o777);
    await writeFamily(space.path('family'), 1, 1000);
    await writeFile(space.path('family/target/LICENSE'), 'free', { mode: 0o444 });
    await writeFile(space.path('family/target/config.json'), '{}', { mode: 0o444 });
  });
  afterEach(() => space.remove());

  const plan = (resume = false): Promise<CombinePlan> => planTransfer(space.path('family'), space.path('out'), 1, { resume });

  it('are those of the user, whatever the modes of the originals, and can be made again', async function () {
    if (process.platform === 'win32') this.skip();
    const onStep: RunOptions['onStep'] = (step) => {
      if (step === 'files written') throw new Error('power cut');
    };
    await withoutPrivileges(async () => {
      await assert.rejects(runCombine(await plan(), { ...quick, onStep }), /power cut/);
      const [license] = (await readdir(space.path('out.partial'), { recursive: true })).filter((name) => name.endsWith('LICENSE'));
      await chmod(space.path('out.partial', license!), 0o444); // as earlier versions left it
      await runCombine(await plan(true), { ...quick, resume: true });
    });
    const [license, card] = await Promise.all(['LICENSE', 'README.md'].map((name) => stat(space.path('out', name))));
    assert.equal(license!.mode, card!.mode);
    assert.equal(await readFile(space.path('out/LICENSE'), 'utf8'), 'free');
  });

  it('are those of the plan: the output does not appear when one was changed or removed since', async () => {
    const license = space.path('family/target/LICENSE');
    const planned = await plan();
    await writeFile(license, 'dear');
    const message = /LICENSE \(target\): was changed after the plan was made\. Make the plan again\./;
    await assert.rejects(runCombine(planned, quick), { name: 'FileReadError', message });
    await rm(license);
    await assert.rejects(runCombine(planned, { ...quick, overwrite: true }), /LICENSE \(target\): was removed after the plan was made/);
    assert.ok(!existsSync(space.path('out')));
  });
});
