import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultSettings, planEvaluation } from '../../../../src/evaluate/index.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { noChoices, samplePath } from '../support/samples.js';
import { FormatError } from '../../../../src/base/formatError.js';

describe('a tokenizer with more tokens than the embedding has rows', () => {
  const folder = temporaryFolder();
  const plan = (path: string, task: string): Promise<unknown> =>
    planEvaluation({
      inputs: [{ role: 'm', path, expect: 'checkpoint' }],
      candidates: [{ label: 'm', combination: { steps: [{ scale: 1, plus: 'm', minus: null }] } }],
      tasks: [task],
      choices: noChoices,
      settings: defaultSettings,
    });

  it('is refused where a text has such a token, by name and id', async () => {
    const model = await extended(1030);
    const task = await text('Bonjour <tour> tout le monde.');
    await assert.rejects(plan(model, task), (error: unknown) => {
      assert.ok(error instanceof FormatError);
      assert.equal(error.fault.file, join(model, 'tokenizer.json'));
      assert.match(error.message, /the token "<tour>", which .*task\.txt has/);
      assert.match(error.message, /below 1,024.*model\.embed_tokens\.weight has 1,024 rows/);
      assert.match(error.message, /id 1,030/);
      return true;
    });
  });

  it('is used where no text has one, and up to the last row', async () => {
    await plan(await extended(1030), await text('Bonjour tout le monde.'));
    await plan(await extended(1023), await text('Bonjour <tour> tout le monde.'));
  });

  it('is refused for the first id that has no row', async () => {
    await assert.rejects(plan(await extended(1024), await text('<tour> Bonjour')), /id 1,024/);
  });

  async function text(content: string): Promise<string> {
    const path = folder('task.txt');
    await writeFile(path, content);
    return path;
  }

  async function extended(id: number): Promise<string> {
    const model = folder(`with-${id}`);
    await cp(samplePath('base-1'), model, { recursive: true });
    const file = join(model, 'tokenizer.json');
    const tokenizer = JSON.parse(await readFile(file, 'utf8')) as { added_tokens: object[] };
    const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
    tokenizer.added_tokens.push({ id, content: '<tour>', ...flags });
    await writeFile(file, JSON.stringify(tokenizer));
    return model;
  }
});
