import type { EngineMethod, EngineRequests } from '../engine/protocol.js';
import { readValues, schemaOf, type JsonSchema, type Parameters, type Values } from './parameters.js';

/** What a tool runs in: the jobs, in this process or another, and whose paths are meant. */
export interface AgentContext {
  request<Method extends EngineMethod>(method: Method, params: EngineRequests[Method]['params']): Promise<EngineRequests[Method]['result']>;
  /** The absolute address of what an agent wrote. */
  resolve(address: string): string;
}

/** What an agent may do, whichever way it asks: VS Code's language model tools and the MCP server are two faces of these. */
export interface AgentTool {
  readonly name: string;
  readonly title: string;
  /** For the model: what it is for, what comes back. */
  readonly description: string;
  readonly schema: JsonSchema;
  /** What the user is asked before it runs, in Markdown; null for a tool that writes nothing. */
  readonly question: ((input: unknown, context: AgentContext) => Promise<string>) | null;
  /** A result that `boundedJson` can show. @throws Error with what to do about it */
  readonly run: (input: unknown, context: AgentContext) => Promise<object>;
}

interface Definition<P extends Parameters> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: P;
  readonly question?: (values: Values<P>, context: AgentContext) => Promise<string>;
  readonly run: (values: Values<P>, context: AgentContext) => Promise<object>;
}

export function defineTool<const P extends Parameters>({ parameters, question, run, ...rest }: Definition<P>): AgentTool {
  return {
    ...rest,
    schema: schemaOf(parameters),
    question: question === undefined ? null : (input, context) => question(readValues(parameters, input), context),
    run: (input, context) => run(readValues(parameters, input), context),
  };
}
