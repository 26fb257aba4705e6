import assert from 'node:assert/strict';
import { join } from 'node:path';
import { discardPartial, outputFacts, resultToMarkdown, runCombine } from '../../../src/combine/index.js';
import { planTransfer, Workspace, writeFamily } from '../../support/combineFamily.js';

describe('The report of an output', () => {
  let workspace: Workspace;

  before(async () => {
    workspace = await Workspace.make();
    await writeFamily(workspace.folder, 12, 64);
  });

  after(() => workspace.remove());

  it('gives the formula in names, rounding by layer in order, and every hash', async () => {
    const output = workspace.path('out');
    const manifest = await runCombine(await planTransfer(workspace.folder, output, 0.5), { workers: 1, sync: false });
    const text = resultToMarkdown('out|*x*', output, manifest);
    assert.match(text, /^# out\\\|\\\*x\\\*\n/);
    assert.deepEqual(
      [...text.matchAll(/^\| (layer \d+) /gm)].map(([, layer]) => layer),
      Array.from({ length: 12 }, (_, layer) => `layer ${layer}`),
    );
    for (const { hash } of [...manifest.shards, ...manifest.files]) assert.ok(text.includes(hash));
    const { formula, inputs, template } = outputFacts(manifest);
    assert.equal(formula, 'target + 0.5·(finetuned − base)');
    assert.deepEqual([inputs['base'], template], [join(workspace.folder, 'base'), 'target']);
  });

  it('names models by their folders only where these differ', async () => {
    const plan = await planTransfer(workspace.folder, workspace.path('renamed'), 1);
    const facts = (names: readonly string[]) =>
      outputFacts({ ...plan, inputs: plan.inputs.map((input, i) => ({ ...input, name: names[i]!, shards: [] })) });
    assert.equal(facts(['new', 'tuned', 'old']).formula, 'new + 1.0·(tuned − old)');
    assert.equal(facts(['model', 'model', 'old']).formula, 'target + 1.0·(finetuned − base)');
  });

  it('has nothing to discard where no run was left', async () => {
    await discardPartial(await planTransfer(workspace.folder, workspace.path('never'), 1));
  });
});
