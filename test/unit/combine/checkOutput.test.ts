import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskRefusals, freeDiskAt, outputRefusals } from '../../../src/combine/plan/checkOutput.js';
import { mountDisk } from '../../support/mountedDisk.js';
import { codes, ModelBench, tensor } from './support/models.js';
import { runCombine } from '../../../src/combine/run/index.js';

describe('place of the output', () => {
  const bench = new ModelBench();

  beforeEach(async () => {
    for (const name of ['t', 'f', 'b']) await bench.write(name, { shards: [[tensor('w', [2])]] });
  });

  async function refusalsAt(output: string, overwrite = false): Promise<string[]> {
    return codes((await bench.plan({ output, overwrite })).refusals);
  }

  it('may be anywhere that is free', async () => {
    assert.deepEqual(await refusalsAt(bench.path('out')), []);
    assert.deepEqual(await refusalsAt(bench.path('new/folders/below')), []);
    assert.deepEqual(await refusalsAt(bench.path('t2')), []);
  });

  it('must not exist, unless it is an output of this tool that may be overwritten', async () => {
    await mkdir(bench.path('out'));
    assert.deepEqual(await refusalsAt(bench.path('out')), ['output-exists']);
    assert.deepEqual(await refusalsAt(bench.path('out'), true), []);
    await writeFile(bench.path('out/notes.txt'), 'mine');
    assert.deepEqual(await refusalsAt(bench.path('out'), true), ['output-not-ours']);
    await writeFile(bench.path('out/model-rebase.json'), '{}');
    assert.deepEqual(await refusalsAt(bench.path('out'), true), ['output-not-ours']);
    await writeFile(bench.path('file'), '');
    assert.deepEqual(await refusalsAt(bench.path('file'), true), ['output-not-ours']);
  });

  it('may be one that this tool wrote, unless files of others lie in it', async () => {
    const output = bench.path('made');
    await runCombine(await bench.plan({ output }), { sync: false });
    assert.deepEqual(await refusalsAt(output, true), []);
    await writeFile(bench.path('made/notes.txt'), 'mine');
    assert.deepEqual(await refusalsAt(output, true), ['output-not-ours']);
  });

  it('must not be, contain, or lie inside an input, whatever links say', async () => {
    await symlink(bench.path('t'), bench.path('link'));
    for (const output of ['t', 'link', 't/inside', 'link/inside'])
      assert.deepEqual(await refusalsAt(bench.path(output), true), ['output-is-input'], output);
    assert.deepEqual(await refusalsAt(bench.folder, true), ['output-is-input', 'output-is-input', 'output-is-input']);
    await mkdir(bench.path('x.partial'));
    await bench.write('x.partial/m', { shards: [[tensor('w', [2])]] });
    const inputs = bench.request().inputs.map((input, index) => (index === 0 ? { ...input, path: bench.path('x.partial/m') } : input));
    assert.deepEqual(codes((await bench.plan({ inputs, output: bench.path('x') })).refusals), ['output-is-input']);
  });

  it('must not be in the making, unless that run is resumed or overwritten', async () => {
    await mkdir(bench.path('out.partial'));
    const output = bench.path('out');
    assert.deepEqual(codes((await bench.plan({ output })).refusals), [], 'an empty folder is as good as none');
    await writeFile(bench.path('out.partial/model-rebase.journal'), '');
    assert.deepEqual(codes((await bench.plan({ output })).refusals), ['output-partial']);
    assert.deepEqual(codes((await bench.plan({ output, resume: true })).refusals), []);
    assert.deepEqual(codes((await bench.plan({ output, overwrite: true })).refusals), []);
  });

  it('is not to be overwritten, says nobody, where the tool did not write it', async () => {
    await mkdir(bench.path('mine'));
    await writeFile(bench.path('mine/notes.txt'), '');
    await mkdir(bench.path('out.partial'));
    await writeFile(bench.path('out.partial/model.safetensors'), '');
    for (const name of ['mine', 'out']) {
      const { refusals } = await bench.plan({ output: bench.path(name) });
      assert.deepEqual(codes(refusals), ['output-not-ours'], name);
      assert.doesNotMatch(refusals[0]!.message, /allow/);
    }
  });

  it('is complete where a run is to be resumed that has ended', async () => {
    const output = bench.path('made');
    await runCombine(await bench.plan({ output }), { sync: false });
    const { refusals } = await bench.plan({ output, resume: true });
    assert.deepEqual(codes(refusals), ['output-complete']);
    assert.match(refusals[0]!.message, /made is complete already, so there is nothing to resume\. Verify it, or allow/);
    assert.deepEqual(codes((await bench.plan({ output, resume: true, overwrite: true })).refusals), []);
  });

  it('has a name of its own, not too long, in a folder that can be written to', async () => {
    await writeFile(bench.path('file'), '');
    await symlink(bench.path('nowhere'), bench.path('dangling'));
    const message = async (name: string): Promise<string> => {
      const [refusal] = await outputRefusals({ output: bench.path(name), overwrite: true, resume: false }, []);
      assert.equal(refusal?.code, 'output-place', name);
      return refusal.message;
    };
    assert.match(await message('x.partial'), /ends in "\.partial", a name that is kept/);
    assert.match(await message('x.replaced'), /ends in "\.replaced", a name that is kept/);
    assert.match(await message('file/a/b'), /file is a file, so the folder .*file\/a\/b cannot be made below it/);
    assert.match(await message('dangling/a'), /dangling cannot be entered, .*broken link/);
    assert.match(await message('x'.repeat(250)), /the name is too long, with "\.replaced" at its end/);
  });

  it('must be in a folder that the user may write to', async function () {
    // The superuser may write everywhere but on a read-only disk.
    const isRoot = process.getuid?.() === 0;
    const disk = isRoot ? mountDisk(bench.path('locked'), 'ro') : null;
    if (isRoot && disk === null) this.skip();
    if (!isRoot) await mkdir(bench.path('locked'), { mode: 0o555 });
    try {
      const [refusal] = (await bench.plan({ output: bench.path('locked/a/b') })).refusals;
      assert.match(refusal!.message, /locked may not be written to, so .*locked\/a\/b cannot be made/);
    } finally {
      disk?.unmount();
    }
  });

  it('needs room on its disk; what a resumed run has written counts', async () => {
    const output = bench.path('out');
    assert.deepEqual(await diskRefusals({ output, resume: false }, 1000, 1000), []);
    const [refusal] = await diskRefusals({ output, resume: false }, 3_000_000, 1_000_000);
    assert.equal(
      refusal?.message,
      'The output needs 3.00 MB, but its disk has 1.00 MB left. Free 2.00 MB, or choose a folder on another disk.',
    );
    await mkdir(`${output}.partial`);
    await writeFile(join(`${output}.partial`, 'model.safetensors'), Buffer.alloc(2_000_000));
    assert.deepEqual(await diskRefusals({ output, resume: true }, 3_000_000, 1_000_000), []);
    assert.deepEqual(codes(await diskRefusals({ output, resume: false }, 3_000_000, 1_000_000)), ['disk-full']);
  });

  it('is measured where it will lie, before it exists', async () => {
    assert.ok((await freeDiskAt(bench.path('a/b/c'))) > 0);
  });
});
