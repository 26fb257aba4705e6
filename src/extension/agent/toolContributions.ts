import type { AgentTool } from '../../agent/agentTool.js';

/** The id of a tool in VS Code, where the tools of all extensions stand side by side. */
export function toolId({ name }: Pick<AgentTool, 'name'>): string {
  return `modelRebase_${name}`;
}

/** What `package.json` contributes as `languageModelTools`: written there by `npm run manifest`. */
export function toolContributions(tools: readonly AgentTool[]): readonly object[] {
  return tools.map((tool) => ({
    name: toolId(tool),
    displayName: tool.title,
    toolReferenceName: tool.name.replaceAll('_', '-'),
    canBeReferencedInPrompt: true,
    icon: tool.question === null ? '$(diff)' : '$(git-merge)',
    modelDescription: tool.description,
    userDescription: tool.description.split(/[.:] /u)[0],
    tags: ['model-weights', 'safetensors'],
    inputSchema: tool.schema,
  }));
}
