import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, extensions, TabInputCustom, TabInputText, TabInputWebview, Uri, window, workspace } from 'vscode';
import { readDiffOptions } from '../../../src/extension/kit/settings.js';
import { toTreeItem } from '../../../src/extension/checkpoints/treeItems.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { writeTorchFile } from '../../support/torchFile.js';
import { activateExtension, until } from './extensionApi.js';

describe('Editors', () => {
  let root: string;

  const uri = (name: string): Uri => Uri.file(join(root, name));
  const activeTab = () => window.tabGroups.activeTabGroup.activeTab;

  before(async () => {
    await activateExtension();
    root = workspace.workspaceFolders![0]!.uri.fsPath;
  });

  afterEach(() => commands.executeCommand('workbench.action.closeAllEditors'));

  it('open a .safetensors file as a model, not as a binary file', async () => {
    await commands.executeCommand('vscode.open', uri('tiny-a/model.safetensors'));
    await until('the editor opens', () => activeTab()?.input instanceof TabInputCustom);
    assert.equal((activeTab()?.input as TabInputCustom).viewType, 'modelRebase.checkpoint');
  });

  it('open a broken file too', async () => {
    await commands.executeCommand('vscode.open', uri('broken/model.safetensors'));
    await until('the editor opens', () => activeTab()?.input instanceof TabInputCustom);
  });

  it('leave .pt files to others, and open them as models when asked to', async () => {
    const path = join(root, 'notes', 'weights.pt');
    await writeTorchFile(path, [{ name: 'w', dtype: 'F32', shape: [2, 3] }]);
    try {
      await commands.executeCommand('vscode.openWith', Uri.file(path), 'modelRebase.otherWeights');
      await until('the model opens', () => (activeTab()?.input as TabInputCustom | undefined)?.viewType === 'modelRebase.otherWeights');
      await commands.executeCommand('workbench.action.closeAllEditors');
      await commands.executeCommand('modelRebase.openCheckpoint', Uri.file(path));
      await until('the model opens', () => activeTab()?.input instanceof TabInputCustom);
      const packageJson: unknown = extensions.getExtension('model-rebase.model-rebase')!.packageJSON;
      const editors = (packageJson as { contributes: { customEditors: { viewType: string; priority: string }[] } }).contributes
        .customEditors;
      assert.equal(editors.find(({ viewType }) => viewType === 'modelRebase.otherWeights')?.priority, 'option');
    } finally {
      rmSync(join(root, 'notes'), { recursive: true, force: true });
    }
  });

  it('open a folder of shards in one panel', async () => {
    await commands.executeCommand('modelRebase.openCheckpoint', uri('sharded/model.safetensors.index.json'));
    await until('the panel opens', () => activeTab()?.label === 'sharded');
    assert.ok(activeTab()?.input instanceof TabInputWebview);
    await commands.executeCommand('modelRebase.openCheckpoint', uri('sharded'));
    assert.equal(window.tabGroups.activeTabGroup.tabs.length, 1);
  });

  it('leave other JSON files alone', async () => {
    await commands.executeCommand('vscode.open', uri('tiny-a/config.json'));
    await until('the text editor opens', () => activeTab()?.input instanceof TabInputText);
  });
});

describe('A checkpoint of 100,000 tensors', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'model-rebase-many-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  it('shows its layers and the tensors of one within a second after its header is read', async () => {
    const { engine, view } = await activateExtension();
    const tensors = Array.from({ length: 100_000 }, (_, index) => {
      return {
        name: `model.layers.${index % 100}.mlp.experts.${Math.floor(index / 100)}.up_proj.weight`,
        dtype: 'BF16',
        shape: [1, 1],
      } as const;
    });
    const path = join(folder, 'model.safetensors');
    await writeSafetensors(path, tensors);
    const checkpoint = await engine.request('checkpoint/open', { path });
    const start = performance.now();
    const layers = view.provider.getChildren({ kind: 'checkpoint', path, checkpoint, output: null, showsAll: true });
    const modules = view.provider.getChildren(layers[42]);
    const items = [...layers, ...modules, ...view.provider.getChildren(modules[0])].map((node) => toTreeItem(node));
    const milliseconds = performance.now() - start;
    assert.equal(items.length, 100 + 1 + 1000);
    assert.ok(milliseconds < 1000, `${Math.round(milliseconds)} ms`);
  });
});

describe('Settings', () => {
  it('become options of a diff', async () => {
    const settings = workspace.getConfiguration('modelRebase');
    assert.deepEqual(readDiffOptions(), { engine: 'auto', workers: null, prefixMap: null });
    await settings.update('engine', 'simd');
    await settings.update('workers', 2);
    await settings.update('prefixMap', { 'language_model.': '' });
    assert.deepEqual(readDiffOptions(), { engine: 'simd', workers: 2, prefixMap: [{ from: 'language_model.', to: '' }] });
    for (const name of ['engine', 'workers', 'prefixMap']) await settings.update(name, undefined);
  });
});
