import { NotificationType, RequestType, type MessageConnection } from 'vscode-jsonrpc/node';
import type { AllowedFolders } from '../base/allowedFolders.js';
import type { EngineMethod, EngineRequests, ProgressNotification } from './protocol.js';

/** Parameters of every request, with the token its progress notifications carry. */
export interface Envelope<Method extends EngineMethod> {
  readonly job: number;
  readonly params: EngineRequests[Method]['params'];
  readonly allowedFolders: AllowedFolders;
}

/** What an error reply carries beside its message. */
export interface ErrorData {
  readonly name: string;
}

export function requestType<Method extends EngineMethod>(
  method: Method,
): RequestType<Envelope<Method>, EngineRequests[Method]['result'], ErrorData> {
  return new RequestType(method);
}

export const progressNotification = new NotificationType<ProgressNotification>('job/progress');

export type Connection = MessageConnection;
