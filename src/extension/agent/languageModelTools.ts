import {
  type CancellationToken,
  type Disposable,
  LanguageModelTextPart,
  type LanguageModelTool,
  type LanguageModelToolInvocationOptions,
  type LanguageModelToolInvocationPrepareOptions,
  LanguageModelToolResult,
  lm,
  MarkdownString,
  type PreparedToolInvocation,
  workspace,
} from 'vscode';
import { agentTools, boundedJson, type AgentContext, type AgentTool } from '../../agent/index.js';
import { resolveAddress } from '../../checkpoint/index.js';
import { messageOf } from '../../base/errors.js';
import { visibleText } from '../../base/visibleText.js';
import type { Engine } from '../kit/engineService.js';
import { signalOf } from '../kit/jobNotification.js';
import { toolId } from './toolContributions.js';

/** Offers the tools to chat: jobs run in the host process, and VS Code asks the user before one writes. */
export function registerLanguageModelTools(engine: Engine): readonly Disposable[] {
  return agentTools.map((tool) => lm.registerTool(toolId(tool), new ChatTool(tool, engine)));
}

/** One tool, as VS Code calls it. */
export class ChatTool implements LanguageModelTool<object> {
  constructor(
    private readonly tool: AgentTool,
    private readonly engine: Engine,
  ) {}

  async prepareInvocation(
    { input }: LanguageModelToolInvocationPrepareOptions<object>,
    token: CancellationToken,
  ): Promise<PreparedToolInvocation> {
    const { title, question } = this.tool;
    const invocationMessage = `${title} (Model Rebase)`;
    if (question === null) return { invocationMessage };
    const message = new MarkdownString(await question(input, this.context(token)));
    return { invocationMessage, confirmationMessages: { title, message } };
  }

  /** An error is told to the model as well: it may do better with another call. */
  async invoke({ input }: LanguageModelToolInvocationOptions<object>, token: CancellationToken): Promise<LanguageModelToolResult> {
    try {
      return textResult(boundedJson(await this.tool.run(input, this.context(token))));
    } catch (error) {
      if (token.isCancellationRequested) throw error;
      return textResult(`Error: ${visibleText(messageOf(error))}`);
    }
  }

  private context(token: CancellationToken): AgentContext {
    const signal = signalOf(token);
    return {
      request: (method, params) => this.engine.request(method, params, { signal }),
      resolve: (address) => resolveAddress(address, workspace.workspaceFolders?.[0]?.uri.fsPath),
    };
  }
}

function textResult(text: string): LanguageModelToolResult {
  return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
}
