/** Entry of the background process: serves the engine's jobs over the fork's IPC channel until that closes. */
import { endBySignal } from '../evaluate/outside/index.js';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { serve } from './server.js';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serve(connection);
connection.listen();
process.once('disconnect', () => endBySignal('SIGTERM'));
