import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { serve } from './server.js';
import { endBySignal } from '../base/process/processGroup.js';

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
serve(connection);
connection.listen();
process.once('disconnect', () => endBySignal('SIGTERM'));
