import assert from 'node:assert/strict';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type MarkdownString, type TreeItem, workspace } from 'vscode';
import type { ModelRebaseApi } from '../../../src/extension/extension.js';
import type { ModelNode } from '../../../src/extension/checkpoints/nodes.js';
import { activateExtension, until } from './extensionApi.js';

describe('Model Versions view', () => {
  let api: ModelRebaseApi;
  let root: string;

  const items = (parent?: ModelNode): TreeItem[] =>
    api.view.provider.getChildren(parent).map((node) => api.view.provider.getTreeItem(node));
  const lines = (parent?: ModelNode): string[] =>
    items(parent).map(
      ({ label, resourceUri, description }) =>
        `${typeof label === 'string' ? label : basename(resourceUri?.path ?? '')} | ${String(description)}`,
    );
  const topNode = (name: string): ModelNode => {
    const node = api.view.provider.getChildren().find((candidate) => candidate.kind === 'checkpoint' && candidate.checkpoint.name === name);
    assert.ok(node, `${name} is in the tree`);
    return node;
  };
  const childNamed = (parent: ModelNode, label: string): ModelNode => {
    const child = api.view.provider.getChildren(parent).find((node) => node.kind === 'inner' && node.node.label === label);
    assert.ok(child, `${label} is in the tree`);
    return child;
  };

  before(async () => {
    api = await activateExtension();
    root = workspace.workspaceFolders![0]!.uri.fsPath;
    await api.library.refresh();
  });

  afterEach(() => api.view.setFilter(''));

  it('shows the checkpoints of the workspace with family, parameters, dtype and size', () => {
    const shown = lines();
    for (const line of [
      'tiny-a | tiny · 16 · F32 · 64 B',
      'tiny-b | tiny · 14 · F32 · 56 B',
      'step-100 | adapters · 16 · F32 · 64 B',
      'sharded | 16 · F32 · 64 B',
      'base-1 | samples · llama · 1.37M · BF16 · 2.74 MB',
    ]) {
      assert.ok(shown.includes(line), `${line} in\n${shown.join('\n')}`);
    }
  });

  it('opens a checkpoint into layers, modules and tensors', () => {
    const tiny = topNode('tiny-a');
    assert.deepEqual(lines(tiny), ['model | 6 · 24 B', 'layer 0 | 8 · 32 B', 'layer 1 | 2 · 8 B']);
    assert.deepEqual(lines(childNamed(tiny, 'model')), ['embed_tokens.weight | 2 × 2 · F32 · 16 B', 'norm.weight | 2 · F32 · 8 B']);
    const layer = childNamed(tiny, 'layer 0');
    assert.deepEqual(lines(layer), ['mlp.up_proj.weight | 1 × 2 · F32 · 8 B', 'self_attn | 6 · 24 B']);
    assert.deepEqual(lines(childNamed(layer, 'self_attn')), ['q_proj.bias | 2 · F32 · 8 B', 'q_proj.weight | 2 × 2 · F32 · 16 B']);
  });

  it('shows a broken checkpoint as an error that says what is wrong', () => {
    const broken = items().find(({ contextValue }) => contextValue === 'broken');
    assert.ok(broken, 'an error node');
    assert.equal(basename(broken.resourceUri!.path), 'broken');
    assert.match(String(broken.description), /8|16/);
    assert.match((broken.tooltip as MarkdownString).value, /model\.safetensors/);
  });

  it('marks a checkpoint that has findings', () => {
    const sharded = items().find(({ label }) => label === 'sharded');
    assert.equal(sharded?.resourceUri?.query, '1');
    assert.match((sharded.tooltip as MarkdownString).value, /total/);
  });

  it('filters tensors by words, and checkpoints by name', () => {
    api.view.setFilter('bias q_proj');
    assert.deepEqual(lines(childNamed(topNode('tiny-a'), 'layer 0')), ['self_attn.q_proj.bias | 2 · F32 · 8 B']);
    assert.ok(!lines().some((line) => line.startsWith('base-1')), 'base-1 has no bias');
    api.view.setFilter('TINY-B');
    assert.deepEqual(lines(), ['tiny-b | tiny · 14 · F32 · 56 B']);
    assert.equal(items(topNode('tiny-b')).length, 2, 'a checkpoint found by its own name shows all its tensors');
  });

  it('notices new, changed and deleted checkpoints', async () => {
    const shown = (): readonly string[] => lines().map((line) => line.split(' | ')[0]!);
    const copy = join(root, 'tiny-copy');
    cpSync(join(root, 'tiny-a'), copy, { recursive: true });
    await until('the new checkpoint shows', () => shown().includes('tiny-copy'));
    await new Promise((resolve) => setTimeout(resolve, 1500)); // so that no event of the new folder shows the change by accident
    writeFileSync(join(copy, 'config.json'), JSON.stringify({ model_type: 'renamed' }));
    await until('the changed configuration shows', () => lines().includes('tiny-copy | renamed · 16 · F32 · 64 B'));
    rmSync(copy, { recursive: true });
    await until('the deleted checkpoint is gone', () => !shown().includes('tiny-copy'));
  });

  it('lists checkpoints by their numbers, each with its folder', async () => {
    const places = ['runs/a/checkpoint-10000', 'runs/a/checkpoint-500', 'runs/b/checkpoint-500'];
    for (const place of places) cpSync(join(root, 'tiny-a'), join(root, place), { recursive: true });
    const shown = (): string[] => lines().filter((line) => line.startsWith('checkpoint-'));
    await until('the checkpoints show', () => shown().length === places.length);
    assert.deepEqual(shown(), [
      'checkpoint-500 | runs/a · tiny · 16 · F32 · 64 B',
      'checkpoint-10000 | runs/a · tiny · 16 · F32 · 64 B',
      'checkpoint-500 | runs/b · tiny · 16 · F32 · 64 B',
    ]);
    rmSync(join(root, 'runs'), { recursive: true });
    await until('the deleted checkpoints are gone', () => shown().length === 0);
  });

  it('shows every checkpoint when the host process is killed while it opens them', async () => {
    const before = lines();
    for (let round = 0; round < 4; round++) {
      const refreshed = api.library.refresh();
      await new Promise((resolve) => setTimeout(resolve, round * 3));
      process.kill(api.engine.processId!, 'SIGKILL');
      await refreshed;
      assert.deepEqual(lines(), before);
    }
  });

  it('obeys the settings of discovery', async () => {
    const settings = workspace.getConfiguration('modelRebase.discovery');
    await settings.update('exclude', ['**/samples', '**/adapters']);
    await until('excluded folders are gone', () => !lines().some((line) => /^(base|step)-/.test(line)));
    await settings.update('exclude', undefined);
    await settings.update('maximumDepth', 0);
    await until('nothing lies in the workspace folder itself', () => lines().length === 0);
    assert.equal(api.library.notices.length, 1, 'the limit is said');
    await settings.update('maximumDepth', undefined);
    await until('all is back', () => lines().some((line) => line.startsWith('base-1')));
  });
});
