import assert from 'node:assert/strict';
import { commands, extensions } from 'vscode';
import { activateExtension } from './extensionApi.js';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('Manifest', () => {
  before(activateExtension);

  it('registers exactly the commands it contributes', async () => {
    const manifest = extensions.getExtension('model-rebase.model-rebase')?.packageJSON as Manifest;
    const contributed = manifest.contributes.commands.map(({ command }) => command).sort();
    const own = (await commands.getCommands(true)).filter((name) => /^modelRebase\.[a-zA-Z]+$/.test(name)).sort();
    assert.deepEqual(own, contributed);
    assert.equal(contributed.length, 35);
  });
});
