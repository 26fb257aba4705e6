import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { commands, TabInputCustom, TabInputWebview, Uri, window, workspace } from 'vscode';
import { reportToJson } from '../../../src/compare/index.js';
import type { TensorDiff } from '../../../src/compare/report/index.js';
import type { ModelRebaseApi } from '../../../src/extension/extension.js';
import type { DiffSession } from '../../../src/extension/diff/diffSession.js';
import { writeLargeModel } from '../support/largeModel.js';
import { activateExtension, until } from './extensionApi.js';

describe('Diff', () => {
  let api: ModelRebaseApi;
  let root: string;

  const path = (name: string): string => join(root, name);
  const activeTab = () => window.tabGroups.activeTabGroup.activeTab;
  const settled = (session: DiffSession): Promise<void> => until('the diff ends', () => session.state.kind !== 'running', 15_000);
  const closeAll = () => commands.executeCommand('workbench.action.closeAllEditors');

  before(async () => {
    api = await activateExtension();
    root = workspace.workspaceFolders![0]!.uri.fsPath;
  });

  afterEach(closeAll);

  it('computes in the engine what was made by hand', async () => {
    const session = api.diffPanels.show({ a: path('tiny-a'), b: path('tiny-b') });
    await settled(session);
    assert.equal(session.state.kind, 'done');
    const tensors = new Map(session.report!.tensors.map((tensor): [string, TensorDiff] => [tensor.name, tensor]));
    const query = tensors.get('model.layers.0.self_attn.q_proj.weight')!;
    assert.deepEqual(
      [query.status, query.normA, query.normDelta, query.relativeChange, query.changedCount, query.maxAbsDelta],
      ['changed', 5, 0.625, 0.125, 2, 0.5],
    );
    assert.equal(tensors.get('model.norm.weight')?.status, 'identical');
    assert.equal(tensors.get('model.layers.1.mlp.up_proj.weight')?.status, 'removed');
    await until('the panel opens', () => activeTab()?.label === 'tiny-a ↔ tiny-b');
    assert.ok(activeTab()?.input instanceof TabInputWebview);
  });

  it('says in the panel why a broken model cannot be compared', async () => {
    const session = api.diffPanels.show({ a: path('tiny-a'), b: path('broken') });
    await settled(session);
    assert.ok(session.state.kind === 'failed', session.state.kind);
    assert.match(session.state.message, /broken.model\.safetensors/);
  });

  it('opens one panel for each pair', async () => {
    const first = api.diffPanels.show({ a: path('tiny-a'), b: path('tiny-b') });
    assert.equal(api.diffPanels.show({ a: path('tiny-a'), b: path('tiny-b') }), first);
    assert.notEqual(api.diffPanels.show({ a: path('tiny-b'), b: path('tiny-a') }), first);
    await until('two panels are open', () => window.tabGroups.activeTabGroup.tabs.length === 2);
  });

  it('diffs exactly two selected items, given as files, folders or an index', async () => {
    const uris = [Uri.file(path('tiny-a')), Uri.file(path('sharded/model.safetensors.index.json'))];
    await commands.executeCommand('modelRebase.diffSelected', uris[0], uris);
    await until('the panel opens', () => activeTab()?.label === 'tiny-a ↔ sharded');
  });

  it('diffs with the model that was selected before', async () => {
    await commands.executeCommand('modelRebase.selectForDiff', Uri.file(path('tiny-b')));
    await commands.executeCommand('modelRebase.diffWithSelected', Uri.file(path('tiny-a/model.safetensors')));
    await until('the panel opens', () => activeTab()?.label === 'tiny-b ↔ tiny-a');
  });

  it('compares two pipelines part by part, in a panel for each', async () => {
    for (const pipeline of ['pipe-a', 'pipe-b']) {
      for (const part of ['unet', 'vae']) cpSync(path(pipeline.replace('pipe', 'tiny')), path(`${pipeline}/${part}`), { recursive: true });
      writeFileSync(path(`${pipeline}/model_index.json`), '{"unet":["diffusers","U"],"vae":["diffusers","V"]}');
    }
    await api.library.refresh();
    const found = api.library.entries.map((entry) => basename(entry.path)).filter((name) => name.startsWith('pipe-'));
    assert.deepEqual(found, ['pipe-a#unet', 'pipe-a#vae', 'pipe-b#unet', 'pipe-b#vae']);
    const uris = ['pipe-a', 'pipe-b'].map((name) => Uri.file(path(name)));
    const command = commands.executeCommand('modelRebase.diffSelected', uris[0], uris);
    const accepting = setInterval(() => void commands.executeCommand('quickInput.accept').then(undefined, () => undefined), 200);
    await command;
    clearInterval(accepting);
    await until('two panels are open', () => window.tabGroups.activeTabGroup.tabs.length === 2);
    const labels = window.tabGroups.activeTabGroup.tabs.map(({ label }) => label);
    assert.deepEqual(labels, ['pipe-a#unet ↔ pipe-b#unet', 'pipe-a#vae ↔ pipe-b#vae']);
    for (const pipeline of ['pipe-a', 'pipe-b']) rmSync(path(pipeline), { recursive: true });
  });

  it('reopens a saved report in its editor', async () => {
    const session = api.diffPanels.show({ a: path('tiny-a'), b: path('tiny-b') });
    await settled(session);
    const saved = Uri.file(path('saved.modeldiff.json'));
    await workspace.fs.writeFile(saved, Buffer.from(reportToJson(session.report!)));
    await commands.executeCommand('vscode.open', saved);
    await until('the editor opens', () => activeTab()?.label === 'saved.modeldiff.json');
    const { input } = activeTab()!;
    assert.ok(input instanceof TabInputCustom);
    assert.equal(input.viewType, 'modelRebase.diffReport');
    await workspace.fs.delete(saved);
  });

  describe('of large models', () => {
    before(() => ['a', 'b'].forEach((name) => writeLargeModel(path(`large/${name}.safetensors`))));

    after(() => workspace.fs.delete(Uri.file(path('large')), { recursive: true }));

    async function startLargeDiff(): Promise<DiffSession> {
      const session = api.diffPanels.show({ a: path('large/a.safetensors'), b: path('large/b.safetensors') });
      const progressed = new Promise<void>((resolve) => session.onDidProgress(() => resolve()));
      await progressed;
      assert.equal(session.state.kind, 'running');
      return session;
    }

    it('is cancelled on request', async () => {
      const session = await startLargeDiff();
      session.cancel();
      await until('the job ends', () => session.state.kind === 'cancelled', 3000);
    });

    it('is cancelled when its panel is closed', async () => {
      const session = await startLargeDiff();
      await closeAll();
      const start = Date.now();
      await session.ended;
      assert.ok(Date.now() - start < 3000, 'the engine stopped at once');
    });

    it('fails with a message when the engine dies, and the next job works', async () => {
      const session = await startLargeDiff();
      process.kill(api.engine.processId!, 'SIGKILL');
      await settled(session);
      assert.ok(session.state.kind === 'failed', session.state.kind);
      assert.match(session.state.message, /host process of Model Rebase was killed.*run it again/);
      const next = api.diffPanels.show({ a: path('tiny-a'), b: path('tiny-b') });
      await settled(next);
      assert.equal(next.state.kind, 'done');
    });
  });
});
