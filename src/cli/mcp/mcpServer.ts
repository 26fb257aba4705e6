import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult, ServerNotification } from '@modelcontextprotocol/sdk/types.js';
import { agentTools, boundedJson, type AgentContext, type AgentTool } from '../../agent/index.js';
import { resolveAddress } from '../../checkpoint/index.js';
import { messageOf } from '../../base/errors.js';
import { visibleText } from '../../base/visibleText.js';
import { toolVersion } from '../../base/toolVersion.js';
import type { JobProgress } from '../../engine/index.js';
import { jobs } from '../../engine/jobs.js';
import type * as McpSdk from './mcpSdk.js';

/** What a call of a tool comes with. */
interface Call {
  readonly signal: AbortSignal;
  readonly _meta?: { readonly progressToken?: string | number | undefined } | undefined;
  readonly sendNotification: (notification: ServerNotification) => Promise<void>;
}

/** Requests and answers, below the registry of tools. */
type Connection = McpServer['server'];

export interface McpOptions {
  /** Write without asking: the user has said so, for a client that cannot ask. */
  readonly allowsWrites: boolean;
}

/** A server of the tools, not yet connected. Jobs run in this process. */
export function createServer(sdk: typeof McpSdk, options: McpOptions): McpServer {
  const mcp = new sdk.McpServer({ name: 'model-rebase', title: 'Model Rebase', version: toolVersion }, { capabilities: { tools: {} } });
  // Schemas of tools come from their definition, which VS Code shares: the server below takes them as they are.
  const { server } = mcp;
  server.setRequestHandler(sdk.ListToolsRequestSchema, () => ({ tools: agentTools.map(describeTool) }));
  server.setRequestHandler(sdk.CallToolRequestSchema, async ({ params }, call): Promise<CallToolResult> => {
    const tool = agentTools.find(({ name }) => name === params.name);
    if (tool === undefined) throw new sdk.McpError(sdk.ErrorCode.InvalidParams, `There is no tool ${visibleText(params.name)}.`);
    return callTool(tool, params.arguments, { server, options, call });
  });
  return mcp;
}

function describeTool({ name, title, description, schema, question }: AgentTool) {
  const writes = question !== null;
  const inputSchema = { ...schema, required: [...schema.required] };
  return { name, title, description, inputSchema, annotations: { readOnlyHint: !writes, destructiveHint: false, openWorldHint: false } };
}

/** What a tool says goes to the model, an error too: it may do better with another call. */
async function callTool(
  tool: AgentTool,
  input: unknown,
  asked: { server: Connection; options: McpOptions; call: Call },
): Promise<CallToolResult> {
  const context = contextOf(asked.call);
  try {
    if (tool.question !== null) await ask(await tool.question(input, context), asked);
    return textResult(boundedJson(await tool.run(input, context)), false);
  } catch (error) {
    return textResult(visibleText(messageOf(error)), true);
  }
}

function textResult(text: string, isError: boolean): CallToolResult {
  return { content: [{ type: 'text', text }], isError };
}

function contextOf(call: Call): AgentContext {
  const report = progressReporter(call);
  return {
    request: (method, params) => jobs[method](params, { signal: call.signal, report }),
    resolve: (address) => resolveAddress(address),
  };
}

/** Protocol messages that often change nothing for whoever reads them. */
const progressIntervalMs = 500;

function progressReporter({ _meta, sendNotification }: Call): (progress: JobProgress) => void {
  const progressToken = _meta?.progressToken;
  let last = -Infinity;
  return ({ doneBytes, totalBytes, phase }) => {
    if (progressToken === undefined || performance.now() - last < progressIntervalMs) return;
    last = performance.now();
    const params = { progressToken, progress: doneBytes, total: totalBytes, ...(phase === undefined ? {} : { message: phase }) };
    void sendNotification({ method: 'notifications/progress', params }).catch(() => undefined);
  };
}

/** @throws Error where the user said no, or cannot be asked */
async function ask(question: string, { server, options, call }: { server: Connection; options: McpOptions; call: Call }): Promise<void> {
  if (options.allowsWrites) return;
  if (server.getClientCapabilities()?.elicitation === undefined) {
    throw new Error(
      'This tool writes, and this client cannot ask the user. The user can start the server with --allow-writes, or run model-rebase transfer in a terminal.',
    );
  }
  const requestedSchema = {
    type: 'object' as const,
    properties: { write: { type: 'boolean' as const, title: 'Write it' } },
    required: ['write'],
  };
  const { action, content } = await server.elicitInput({ message: question, requestedSchema }, { signal: call.signal });
  if (action !== 'accept' || content?.['write'] !== true) throw new Error('The user said no. Nothing was written.');
}
