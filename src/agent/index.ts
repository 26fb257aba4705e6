/** What agents may do: one definition of tools, with results of bounded size. VS Code and the MCP server are its two faces. */
import type { AgentTool } from './agentTool.js';
import { diffTool } from './diffTool.js';
import { inspectTool } from './inspectTool.js';
import { scoreTool } from './scoreTool.js';
import { planTransferTool, writeTransferTool } from './transferTools.js';

export type { AgentContext, AgentTool } from './agentTool.js';
export { boundedJson } from './boundedJson.js';

export const agentTools: readonly AgentTool[] = [inspectTool, diffTool, planTransferTool, writeTransferTool, scoreTool];
