import assert from 'node:assert/strict';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readFingerprint } from '../../../src/recycle/disk/fingerprint.js';
import { writeSafetensors } from '../../support/safetensorsFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

describe('the fingerprint of a checkpoint', () => {
  const at = temporaryFolder();

  it('has the small files that are there, and refuses one that cannot be read', async () => {
    await writeSafetensors(at('m/model.safetensors'), [{ name: 'w', dtype: 'F32', shape: [1] }]);
    await writeFile(at('m/config.json'), '{}');
    const { files } = await readFingerprint(at('m'));
    assert.deepEqual(Object.keys(files), ['config.json']);
    await symlink('nowhere', at('m/tokenizer.json'));
    const message = /m\/tokenizer\.json: it is a link to a file that is not there/;
    await assert.rejects(readFingerprint(at('m')), { name: 'FileAccessError', message });
    await rm(at('m/tokenizer.json'));
    assert.deepEqual((await readFingerprint(at('m'))).files, files);
  });
});

describe('fingerprints of adapters', () => {
  const goldens = join(import.meta.dirname, '..', '..', 'goldens', 'adapters');
  const [base, adapter] = [join(goldens, 'bases', 'llama'), join(goldens, 'lora')];

  it('have the settings that say what the factors mean', async () => {
    assert.deepEqual(Object.keys((await readFingerprint(adapter)).files), ['adapter_config.json']);
  });

  it('and of a base with adapters have the files of both', async () => {
    const [own, sum] = [await readFingerprint(base), await readFingerprint(`${base}+${adapter}`)];
    assert.deepEqual(sum.shards.length, own.shards.length + 1);
    assert.deepEqual(Object.keys(sum.files), [...Object.keys(own.files), 'adapter 1: adapter_config.json']);
  });
});
