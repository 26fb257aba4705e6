import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, rm, symlink, writeFile } from 'node:fs/promises';
import { openModel } from '../../../src/model/index.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { compareFiles } from './support/compareFiles.js';

describe('comparison of versions with files that cannot be read', () => {
  const at = temporaryFolder();

  before(async () => {
    await writeSafetensors(at('a/model.safetensors'), [{ name: 'embed_tokens.weight', dtype: 'F32', shape: [2, 2] }]);
    for (const name of ['config.json', 'tokenizer.json', 'README.md']) await writeFile(at('a', name), '{}');
    await cp(at('a'), at('b'), { recursive: true });
  });

  async function findings(): Promise<string[]> {
    const { a, b, findings: own } = await compareFiles(at('a'), at('b'));
    return [...a.findings, ...b.findings, ...own].map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
  }

  it('goes on, and says so', async () => {
    await writeFile(at('b/tokenizer.json'), '{"cut');
    await rm(at('b/README.md'));
    await symlink('nowhere', at('b/README.md'));
    const found = await findings();
    assert.match(found[0]!, /^warning companion-unreadable: .*b\/tokenizer\.json: it is not JSON .* compared without it\.$/);
    assert.match(found[1]!, /^warning companion-unreadable: .*b\/README\.md: it is a link to a file that is not there/);
    assert.equal(found.length, 2);
  });

  it('waits for no pipe, and opens none when a model is opened', async function () {
    if (process.platform === 'win32') this.skip();
    for (const name of ['config.json', 'tokenizer.json']) {
      await rm(at('b', name));
      execFileSync('mkfifo', [at('b', name)]);
    }
    const [config, tokenizer] = await findings();
    assert.match(config!, /^warning config-unreadable: .*not a regular file/);
    assert.match(tokenizer!, /^warning companion-unreadable: .*b\/tokenizer\.json: not a regular file/);
    assert.equal((await openModel(at('b'))).config, null);
  });
});
