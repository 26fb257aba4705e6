import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CompanionReader } from '../../../../src/checkpoint/index.js';
import { behaviourFindings } from '../../../../src/model/behaviour/index.js';
import { templateInUse } from '../../../../src/model/behaviour/chatTemplates.js';
import { stopTokens } from '../../../../src/model/behaviour/stopTokens.js';
import { readGoldenFiles } from '../../../support/tokenizerFiles.js';
import { inOrder, tokenizerJson } from '../../../support/tokenizerJson.js';

type Json = Readonly<Record<string, unknown>>;

describe('what a model does by its files', () => {
  it('is the chat template and the end of text that transformers finds', () => {
    for (const [index, { files, template, stop }] of readGoldenFiles().cases.entries()) {
      const config = files['tokenizer_config.json'] as Json | undefined;
      const additional = Object.keys(files).filter((name) => name.startsWith('additional_chat_templates/'));
      const file = (files['chat_template.jinja'] as string | undefined) ?? null;
      const text = `${index} ${JSON.stringify(files)}`;
      assert.equal(templateInUse({ configured: config?.['chat_template'], file, additional, ofProcessor: null }), template, text);
      const generation = (files['generation_config.json'] as Json | undefined) ?? null;
      assert.deepEqual(stopTokens(files['config.json'] as Json, generation), [stop ?? []].flat(), text);
    }
  });
});

describe('findings about what a model does', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-rebase-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function findings(files: Readonly<Record<string, object | string>>): Promise<string[]> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return (await behaviourFindings(folder, new CompanionReader())).map(({ code, message }) => `${code}: ${message}`);
  }

  const tokenizer = tokenizerJson(inOrder('a', '</s>'), { '<|im_end|>': 2 });

  it('none where files agree', async () => {
    const config = { add_bos_token: false, eos_token: '<|im_end|>', chat_template: 'x' };
    const files = {
      'tokenizer.json': tokenizer,
      'tokenizer_config.json': config,
      'chat_template.jinja': 'x',
      'generation_config.json': { eos_token_id: [1, 2] },
    };
    assert.deepEqual(await findings(files), []);
    assert.deepEqual(await findings({}), []);
  });

  it('further chat templates that are there and cannot be listed are not taken for absent ones', async () => {
    await symlink('additional_chat_templates', join(folder, 'additional_chat_templates'));
    const [found] = await findings({ 'tokenizer_config.json': { chat_template: 'x' } });
    assert.match(found!, /^tokenizer-config-unreadable: .*additional_chat_templates.*symbolic links lead in a circle/);
  });

  it('a flag that the template does not follow', async () => {
    const [found] = await findings({ 'tokenizer.json': tokenizer, 'tokenizer_config.json': { add_bos_token: true, bos_token: 'a' } });
    assert.match(
      found!,
      /^bos-differs: tokenizer_config\.json asks for a token .* tokenizer\.json puts none there\. transformers 5 goes by/,
    );
  });

  it('templates that differ, and further ones that hide the first', async () => {
    const [differ] = await findings({ 'tokenizer_config.json': { chat_template: 'x' }, 'chat_template.jinja': 'y' });
    assert.match(differ!, /^chat-templates-differ: tokenizer_config\.json has another .* uses \(chat_template\.jinja\)/);
    await rm(join(folder, 'chat_template.jinja'));
    const [hidden] = await findings({ 'additional_chat_templates/tool_use.jinja': 'z' });
    assert.match(hidden!, /^chat-templates-differ: additional_chat_templates \("tool_use\.jinja"\) stands in place/);
  });

  it('an end of turn at which generate does not stop', async () => {
    const [found] = await findings({
      'tokenizer.json': tokenizer,
      'tokenizer_config.json': { eos_token: { content: '<|im_end|>' } },
      'generation_config.json': { eos_token_id: 1 },
    });
    assert.match(
      found!,
      /^stop-token-unused: tokenizer_config\.json ends a text with "<\|im_end\|>" \(token 2\), generation_config\.json ends generated text at 1/,
    );
  });

  it('a configuration that cannot be read', async () => {
    const [found] = await findings({ 'tokenizer_config.json': '{"a": ' });
    assert.match(found!, /^tokenizer-config-unreadable: How the model is prompted is not known: .*tokenizer_config\.json/);
  });
});
