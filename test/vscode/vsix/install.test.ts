import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../scripts/vscode/tools.js';
import { launchVscode } from '../../../scripts/vscode/launch.js';
import type { VscodeWindow } from '../../../scripts/vscode/workbench.js';
import { chooseInExplorer, diffResult, showExplorer, showModelVersions, tensorRow } from '../support/actions.js';
import { makeWorkspace } from '../support/workspace.js';

/** Debian's Chromium brings a Vulkan loader and a software driver, which make the WebGPU path run without a GPU. */
const chromium = '/usr/lib/chromium';
const softwareDriver = join(chromium, 'vk_swiftshader_icd.json');
const hasAdapter = existsSync(softwareDriver);

describe('VSIX in a fresh VS Code', () => {
  const platform = `${process.platform}-${process.arch}`;
  let vsix: string;
  let window: VscodeWindow;

  before(async () => {
    execFileSync(process.execPath, [join(projectRoot, 'scripts', 'package.mjs'), '--no-build'], {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const name = readdirSync(join(projectRoot, 'out')).find((file) => file.endsWith(`-${platform}.vsix`));
    assert.ok(name);
    vsix = join(projectRoot, 'out', name);
    const environment = hasAdapter ? { VK_ICD_FILENAMES: softwareDriver, LD_LIBRARY_PATH: chromium } : {};
    window = await launchVscode({ workspace: await makeWorkspace(), vsix: [vsix], settings: { 'modelRebase.engine': 'gpu' }, environment });
  });

  after(() => window.close());

  it('weighs less than 40 MB and installs', () => {
    assert.ok(statSync(vsix).size < 40e6, `${statSync(vsix).size} bytes`);
  });

  it('shows models and diffs two of them', async () => {
    await showModelVersions(window);
    await showExplorer(window);
    await chooseInExplorer(window, ['tiny-a', 'tiny-b'], 'Diff Selected Models');
    assert.match(await tensorRow(await diffResult(window), 'q_proj.weight'), /0\.125/);
  });

  it('computes with gpu.js, through its own WebGPU binary where there is an adapter', async () => {
    const panel = await diffResult(window);
    const facts = (await panel.locator('rebase-diff-header .facts').allInnerTexts()).join('\n');
    assert.match(facts, hasAdapter ? /webgpu \(swiftshader/ : /webasm/);
    await window.screenshot('vsix-diff');
  });

  it('scores a model with its own onnxruntime', () => {
    const installed = installedFolder();
    const samples = (...names: readonly string[]): string => join(installed, 'samples', ...names);
    const task = ['--task', samples('text', 'french.txt'), '--window', '256', '--limit', '1', '--no-cache', '--json'];
    const printed = execFileSync(process.execPath, [join(installed, 'dist', 'cli.js'), 'evaluate', samples('base-1'), ...task], {
      encoding: 'utf8',
    });
    assert.match(printed, /"loss":7\.\d+/);
    assert.deepEqual(readdirSync(join(installed, 'dist', 'node_modules', 'onnxruntime-node', 'bin', 'napi-v6')), [process.platform]);
  });

  it('brings its samples and its own WebGPU binary only', () => {
    const installed = installedFolder();
    assert.deepEqual(readdirSync(join(installed, 'samples')).sort(), ['base-1', 'base-2', 'finetuned-1', 'text']);
    assert.deepEqual(readdirSync(join(installed, 'dist', 'node_modules', 'webgpu', 'dist')).length, 1);
    for (const left of ['src', 'test', 'node_modules', 'scripts']) assert.ok(!existsSync(join(installed, left)), left);
  });

  it('brings the notices of what it consists of', () => {
    const notices = readFileSync(join(installedFolder(), 'THIRD_PARTY_NOTICES.md'), 'utf8');
    for (const name of ['onnxruntime-node', 'webgpu', 'lit-html', 'gpu.js', 'protobufjs']) assert.ok(notices.includes(`## ${name} `), name);
    assert.ok(existsSync(join(installedFolder(), 'notices', 'onnxruntime-ThirdPartyNotices.txt')));
  });

  it('shows a page of its own, without broken pictures', async () => {
    await window.runCommand('Extensions: Show Installed Extensions');
    await window.page.locator('.extension-list-item', { hasText: 'Model Rebase' }).first().click();
    const page = await window.webview('h2:has-text("The first minute")');
    await window.waitUntil('the pictures load', () =>
      page.locator('img').evaluateAll((images) => images.every((image) => (image as HTMLImageElement).naturalWidth > 0)),
    );
    assert.doesNotMatch(await page.locator('body').innerText(), /npm /);
    await window.screenshot('vsix-page');
  });

  it('causes no error in any page', () => {
    assert.deepEqual(window.webviewErrors(), []);
  });

  function installedFolder(): string {
    const [folder] = readdirSync(window.server.extensionsFolder).filter((name) => name.startsWith('model-rebase.'));
    assert.ok(folder);
    return join(window.server.extensionsFolder, folder);
  }
});
