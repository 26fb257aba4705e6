import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../../scripts/vscode/lifetime.js';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { openModel } from '../../../src/model/index.js';
import { verify } from '../../../src/combine/index.js';
import { mountDisk } from '../../support/mountedDisk.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { inOrder, tokenizerJson } from '../../support/tokenizerJson.js';
import { showModelVersions } from '../support/actions.js';
import { answerStep, chooseModels, chooseRow, dismissNotifications, goBack, notificationButton, page } from '../support/transferActions.js';
import { makeWorkspace } from '../support/workspace.js';

/** A model with one row of an embedding for each word. */
async function writeModelOf(folder: string, words: readonly string[]): Promise<void> {
  const values = Float32Array.from(words, (_, row) => row + 1);
  const tensor = {
    name: 'model.embed_tokens.weight',
    dtype: 'F32',
    shape: [words.length, 1],
    bytes: new Uint8Array(values.buffer),
  } as const;
  await writeSafetensors(join(folder, 'model.safetensors'), [tensor]);
  writeFileSync(join(folder, 'tokenizer.json'), tokenizerJson(inOrder(...words)));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'tiny', vocab_size: words.length }));
}

describe('Transfer that meets an obstacle', () => {
  let window: VscodeWindow;
  let workspace: string;
  const disk = mountDisk(join(temporaryFolder('disk'), 'small'), 'size=32m,nr_inodes=8');

  before(async () => {
    workspace = await makeWorkspace();
    const vocabularies = { 'words-base': ['a', 'b'], 'words-tuned': ['a', 'b', 'new'], 'words-target': ['b', 'a', 'other'] };
    for (const [name, words] of Object.entries(vocabularies)) {
      mkdirSync(join(workspace, name));
      await writeModelOf(join(workspace, name), words);
    }
    window = await launchVscode({ workspace, extensionPath: projectRoot, theme: 'light' });
    await showModelVersions(window);
    await window.sideBarRows().filter({ hasText: 'words-target' }).first().waitFor();
  });

  after(async () => {
    await window.close();
    disk?.unmount();
  });

  async function draft(models: readonly string[], output: string): Promise<void> {
    await window.runCommand('Model Rebase: Transfer Fine-tuning…');
    await chooseModels(window, models);
    await answerStep(window, 'Scale λ of the difference');
    await answerStep(window, 'Folder to be made', output);
  }

  it('asks how rows are matched where vocabularies differ, and again on the way back', async () => {
    const output = join(workspace, 'words-carried');
    await draft(['words-tuned', 'words-base', 'words-target'], output);
    await window.quickPickRows().filter({ hasText: 'By Row Number' }).waitFor();
    await window.page.waitForTimeout(300);
    await window.screenshot('transfer-vocabulary');
    await chooseRow(window, 'By Row Number');
    await page(window, 'rows by index');
    await goBack(window);
    await chooseRow(window, 'By Token');
    await page(window, 'rows by token');
    await chooseRow(window, 'Transfer');
    await page(window, 'did not move');
    assert.deepEqual((await verify(output, { deep: true })).differences, []);
    const [embedding] = (await openModel(output)).tensors;
    assert.deepEqual(embedding?.shape, [4, 1]);
    await dismissNotifications(window);
    await window.closeEditors();
  });

  if (disk === null) it('cannot meet a full disk here: no tmpfs may be mounted');
  else
    it('keeps what is written when the disk is full, and resumes when there is room', async () => {
      const output = join(disk.folder, 'carried');
      await draft(['finetuned-1', 'base-1', 'base-2'], output);
      await page(window, 'Plan of a combination');
      await chooseRow(window, 'Transfer');
      await notificationButton(window, 'Remove What Is Written');
      await window.page
        .locator('.notifications-center')
        .getByText(/the disk is full[^]*can hold no more files[^]*is kept/)
        .waitFor();
      await window.screenshot('transfer-disk-full');
      assert.ok(existsSync(`${output}.partial`) && !existsSync(output));
      execFileSync('mount', ['-o', 'remount,nr_inodes=100', disk.folder]);
      await (await notificationButton(window, 'Resume')).click();
      await page(window, 'did not move');
      assert.ok(!existsSync(`${output}.partial`));
      assert.deepEqual((await verify(output, { deep: true })).differences, []);
      await window.closeEditors();
    });

  it('causes no error in any page', () => {
    assert.deepEqual(window.webviewErrors(), []);
  });
});
