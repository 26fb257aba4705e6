import { extensions } from 'vscode';
import type { ModelRebaseApi } from '../../../src/extension/extension.js';

/** Activates the extension and returns its parts. */
export async function activateExtension(): Promise<ModelRebaseApi> {
  const extension = extensions.getExtension<ModelRebaseApi>('model-rebase.model-rebase');
  if (extension === undefined) throw new Error('The extension is not installed in this host.');
  return extension.activate();
}

/** Waits until `holds` is true, looking every 50 ms. */
export async function until(what: string, holds: () => boolean, timeout = 10_000): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Not within ${timeout} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
