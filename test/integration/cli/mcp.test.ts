import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { root, sample } from './support/runCli.js';

const command = [join(root, 'dist', 'cli.js'), 'mcp'];

describe('MCP server', () => {
  const at = temporaryFolder();
  const clients: Client[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });

  async function connect(
    answer: boolean | 'decline' | null,
    args: readonly string[] = [],
  ): Promise<{ client: Client; questions: string[] }> {
    const client = new Client({ name: 'test', version: '1' }, { capabilities: answer === null ? {} : { elicitation: {} } });
    const questions: string[] = [];
    if (answer !== null) {
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        questions.push(params.message);
        return answer === 'decline' ? { action: 'decline' } : { action: 'accept', content: { write: answer } };
      });
    }
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [...command, ...args], cwd: join(root, 'samples'), stderr: 'pipe' }),
    );
    clients.push(client);
    return { client, questions };
  }

  async function call(
    client: Client,
    name: string,
    args: object,
  ): Promise<{ isError: boolean; text: string; json: () => Record<string, never> }> {
    const result = (await client.callTool({ name, arguments: { ...args } })) as CallToolResult;
    const [content] = result.content;
    assert.ok(content?.type === 'text');
    const { text } = content;
    return { isError: result.isError === true, text, json: () => JSON.parse(text) as Record<string, never> };
  }

  it('lists its tools, and which of them only read', async () => {
    const { client } = await connect(null);
    assert.equal(client.getServerVersion()?.name, 'model-rebase');
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint]),
      [
        ['inspect_model', true],
        ['diff_models', true],
        ['plan_transfer', true],
        ['write_transfer', false],
        ['score_models', true],
      ],
    );
  });

  it('inspects and diffs, relative to its folder, in results of bounded size', async () => {
    const { client } = await connect(null);
    const inspected = await call(client, 'inspect_model', { path: 'base-1', pattern: '*.{0..1}.self_attn.*', limit: 3 });
    assert.match(inspected.text, /"architecture": "LlamaForCausalLM"/);
    assert.match(inspected.text, /model\.layers\.0\.self_attn\.k_proj\.weight {2}BF16 \[/);
    const diffed = await call(client, 'diff_models', { a: 'base-1', b: 'finetuned-1', limit: 5, rules: ['relativeChange > 0.1'] });
    const { total, tensors, rules } = diffed.json() as unknown as {
      total: { relativeChange: number };
      tensors: { shown: { name: string }[] };
      rules: { outcome: string }[];
    };
    assert.deepEqual(
      [total.relativeChange, tensors.shown.length, tensors.shown[0]?.name, rules[0]?.outcome],
      [0.187269, 5, 'lm_head.weight', 'broken'],
    );
    assert.ok(diffed.text.length < 8000);
  });

  it('tells the model what is wrong with a call', async () => {
    const { client } = await connect(null);
    for (const [name, args, message] of [
      ['inspect_model', { path: 'nowhere' }, /nowhere/],
      ['inspect_model', {}, /path is missing/],
      ['diff_models', { a: 'base-1', b: 'base-2', rules: ['x'] }, /is not a rule/],
      [
        'score_models',
        { models: { a: 'base-1' }, candidates: ['a + b'], tasks: ['text/english.txt'] },
        /names "b", which is not among the models/,
      ],
    ] as const) {
      const { isError, text } = await call(client, name, args);
      assert.equal(isError, true);
      assert.match(text, message);
    }
    await assert.rejects(client.callTool({ name: 'rm', arguments: {} }), /no tool rm/);
  });

  const wanted = (out: string) => ({ finetuned: 'finetuned-1', base: 'base-1', target: 'base-2', out: at(out) });

  it('plans, asks, and writes what was agreed to', async () => {
    const { client, questions } = await connect(true);
    const plan = await call(client, 'plan_transfer', wanted('agreed'));
    assert.match(plan.text, /"canRun": true/);
    assert.deepEqual([questions.length, existsSync(at('agreed'))], [0, false]);
    const written = await call(client, 'write_transfer', wanted('agreed'));
    assert.equal(written.isError, false, written.text);
    assert.match(questions[0]!, /Write 2\.7\d MB to .*agreed.*target \+ 1\.0·\(finetuned − base\)/);
    assert.equal(existsSync(at('agreed', 'model.safetensors.index.json')), true);
    const again = await call(client, 'write_transfer', wanted('agreed'));
    assert.deepEqual([again.isError, questions.length], [true, 1]);
    assert.match(again.text, /refused.*exists/i);
  });

  for (const answer of [false, 'decline'] as const) {
    it(`writes nothing when the user says no (${String(answer)})`, async () => {
      const { client } = await connect(answer);
      const { isError, text } = await call(client, 'write_transfer', wanted('refused'));
      assert.deepEqual([isError, existsSync(at('refused'))], [true, false]);
      assert.match(text, /said no/);
    });
  }

  it('writes nothing for a client that cannot ask, unless the user allowed it at the start', async () => {
    const { client } = await connect(null);
    const refused = await call(client, 'write_transfer', wanted('unasked'));
    assert.deepEqual([refused.isError, existsSync(at('unasked'))], [true, false]);
    assert.match(refused.text, /--allow-writes/);
    const { client: trusted } = await connect(null, ['--allow-writes']);
    assert.equal((await call(trusted, 'write_transfer', wanted('unasked'))).isError, false);
  });

  it('scores combinations, with progress', async () => {
    const { client } = await connect(null);
    const progress: number[] = [];
    const result = (await client.callTool(
      {
        name: 'score_models',
        arguments: {
          models: { target: 'base-2', finetuned: 'finetuned-1', base: 'base-1' },
          candidates: ['target', 'target + 1*(finetuned - base)'],
          tasks: ['text/french.txt'],
          limit: 2,
        },
      },
      undefined,
      { onprogress: ({ progress: done }) => progress.push(done) },
    )) as CallToolResult;
    const [content] = result.content;
    assert.ok(content?.type === 'text');
    assert.equal(result.isError, false, content.text);
    assert.match(content.text, /"candidate": "target",\s+"lossNatsPerToken": 7\./);
    assert.match(content.text, /"differenceToFirst"/);
  });

  it('writes nothing but protocol to stdout, and ends with its input', async () => {
    const server = spawn(process.execPath, command, { cwd: join(root, 'samples'), stdio: ['pipe', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    server.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    const send = (message: object) => server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    send({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/call', params: { name: 'diff_models', arguments: { a: 'base-1', b: 'base-2' } } });
    server.stdin.write('this is not JSON\n');
    while (Buffer.concat(output).toString().split('\n').length < 3) await once(server.stdout, 'data');
    server.stdin.end();
    const [code] = (await once(server, 'exit')) as [number];
    const lines = Buffer.concat(output).toString().trimEnd().split('\n');
    assert.deepEqual([code, lines.map((line) => (JSON.parse(line) as { id?: number }).id)], [0, [1, 2]]);
  });

  it('a cancelled call stops its work, and the server goes on', async () => {
    const { client } = await connect(null);
    const controller = new AbortController();
    const scoring = client.callTool(
      {
        name: 'score_models',
        arguments: { models: { a: 'base-1' }, candidates: ['a'], tasks: ['text/english.txt', 'text/python.txt'], limit: 100_000 },
      },
      undefined,
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 300);
    await assert.rejects(scoring);
    assert.match((await call(client, 'inspect_model', { path: sample('base-2') })).text, /Llama/);
  });
});
