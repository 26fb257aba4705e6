import assert from 'node:assert/strict';
import { join } from 'node:path';
import { commands, TabInputCustom, TabInputText, TabInputWebview, Uri, window, workspace } from 'vscode';
import type { ModelRebaseApi } from '../../../src/extension/extension.js';
import { readDiffOptions } from '../../../src/extension/settings.js';
import { toTreeItem } from '../../../src/extension/views/treeItems.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { activateExtension, until } from './extensionApi.js';

describe('Editors', () => {
  let api: ModelRebaseApi;
  let root: string;

  const uri = (name: string): Uri => Uri.file(join(root, name));
  const activeTab = () => window.tabGroups.activeTabGroup.activeTab;

  before(async () => {
    api = await activateExtension();
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

  it('list 100,000 tensors within a second', async () => {
    const tensors = Array.from({ length: 100_000 }, (_, index) => {
      return { name: `model.layers.${index % 100}.mlp.experts.${Math.floor(index / 100)}.up_proj.weight`, dtype: 'BF16', shape: [1, 1] } as const;
    });
    const file = uri('many/model.safetensors');
    await writeSafetensors(file.fsPath, tensors);
    const start = performance.now();
    const checkpoint = await api.engine.request('checkpoint/open', { path: file.fsPath });
    const top = { kind: 'checkpoint', path: file.fsPath, checkpoint, showsAll: true } as const;
    const layers = api.view.provider.getChildren(top);
    for (const layer of layers) toTreeItem(layer);
    const milliseconds = performance.now() - start;
    await workspace.fs.delete(uri('many'), { recursive: true });
    assert.equal(layers.length, 100);
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
