import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CancellationTokenSource, LanguageModelTextPart, lm, MarkdownString, workspace } from 'vscode';
import { agentTools } from '../../../src/agent/index.js';
import { ChatTool } from '../../../src/extension/agent/languageModelTools.js';
import type { EngineService } from '../../../src/extension/kit/engineService.js';
import { activateExtension } from './extensionApi.js';

describe('Language model tools', () => {
  let root: string;
  let engine: EngineService;

  before(async () => {
    ({ engine } = await activateExtension());
    root = workspace.workspaceFolders![0]!.uri.fsPath;
  });

  async function invoke(name: string, input: object): Promise<string> {
    const { content } = await lm.invokeTool(`modelRebase_${name}`, { input, toolInvocationToken: undefined });
    const [part] = content;
    assert.ok(part instanceof LanguageModelTextPart);
    return part.value;
  }

  it('are offered with their schemas', () => {
    const own = lm.tools.filter(({ name }) => name.startsWith('modelRebase_'));
    assert.deepEqual(own.map(({ name }) => name).sort(), [
      'modelRebase_diff_models',
      'modelRebase_inspect_model',
      'modelRebase_plan_transfer',
      'modelRebase_score_models',
      'modelRebase_write_transfer',
    ]);
    for (const { inputSchema } of own) assert.ok(inputSchema);
  });

  it('inspect and diff models of the workspace, in the host process', async () => {
    assert.match(await invoke('inspect_model', { path: 'tiny-a', pattern: '*.q_proj.weight' }), /"parameters": \d+/);
    const diff = JSON.parse(await invoke('diff_models', { a: 'tiny-a', b: 'tiny-b', pattern: '*q_proj*' })) as {
      tensors: { shown: { name: string; relativeChange: number }[] };
    };
    assert.deepEqual(
      diff.tensors.shown.filter(({ relativeChange }) => relativeChange === 0.125).map(({ name }) => name),
      ['model.layers.0.self_attn.q_proj.weight'],
    );
  });

  it('say what is wrong', async () => {
    assert.match(await invoke('inspect_model', { path: 'nowhere' }), /^Error: .*nowhere/);
  });

  it('plan without writing', async () => {
    const wanted = { finetuned: 'tiny-a', base: 'tiny-a', target: 'tiny-a', out: 'planned' };
    assert.match(await invoke('plan_transfer', wanted), /"canRun": (true|false)/);
    assert.equal(existsSync(join(root, 'planned')), false);
  });

  /** VS Code agrees to dialogs by itself while it runs tests: what it would ask is looked at here. */
  it('ask before they write, with what they would write', async () => {
    const input = { finetuned: 'tiny-a', base: 'tiny-a', target: 'tiny-a', out: 'asked' };
    const token = new CancellationTokenSource().token;
    const questions = agentTools.map(async (tool) => {
      const { confirmationMessages } = await new ChatTool(tool, engine).prepareInvocation({ input }, token);
      return [tool.name, confirmationMessages?.message ?? null] as const;
    });
    const asked = (await Promise.all(questions)).filter(([, message]) => message !== null);
    assert.deepEqual(
      asked.map(([name]) => name),
      ['write_transfer'],
    );
    const [, message] = asked[0]!;
    assert.ok(message instanceof MarkdownString);
    assert.match(message.value, /Write .* to `.*asked`: `target \+ 1\.0·\(finetuned − base\)`/);
    assert.equal(existsSync(join(root, 'asked')), false);
    assert.match(await invoke('write_transfer', input), /"written"/);
    assert.equal(existsSync(join(root, 'asked')), true);
  });
});
