import { once } from 'node:events';
import { createServer } from '../mcp/mcpServer.js';
import type { Command, CommandSpec } from '../command.js';

const spec: CommandSpec = {
  name: 'mcp',
  positionals: [],
  summary: 'Serve tools for agents (inspect, diff, plan and write a transfer, score) by the Model Context Protocol, over stdin and stdout.',
  notes:
    'An agent starts this itself: its configuration names the command "model-rebase" with the argument "mcp". Relative paths are meant from the folder it starts in. The tool that writes asks the user through the client first.',
  options: {
    'allow-writes': { type: 'boolean', help: 'Let the tool that writes do so without asking, for a client that cannot ask.' },
  },
};

export const mcpCommand: Command = {
  spec,
  async run(options, io) {
    const sdk = await import('../mcp/mcpSdk.js');
    const server = createServer(sdk, { allowsWrites: options.flag('allow-writes') });
    server.server.onerror = (error) => io.stderr(`model-rebase mcp: ${error.message}\n`);
    const closed = new Promise<void>((resolve) => (server.server.onclose = resolve));
    const ended = once(process.stdin, 'end', { signal: io.signal }).catch(() => undefined);
    await server.connect(new sdk.StdioServerTransport());
    await Promise.race([closed, ended]);
    await server.close();
    return 0;
  },
};
