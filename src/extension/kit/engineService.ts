import { type LogOutputChannel, type Uri, window } from 'vscode';
// Not the room's index: that brings the jobs themselves, which run in the engine's process and not here.
import { EngineClient, type RequestOptions } from '../../engine/client.js';
import type { EngineMethod, EngineRequests } from '../../engine/protocol.js';
import { DisposableOwner } from './disposable.js';

/** What the rest of the extension needs of the engine: requests, answered in a background process. */
export interface Engine {
  request<Method extends EngineMethod>(
    method: Method,
    params: EngineRequests[Method]['params'],
    options?: RequestOptions,
  ): Promise<EngineRequests[Method]['result']>;
}

/** Keeps one engine process for the window; starts it with the first request and tells the user when it had to restart. */
export class EngineService extends DisposableOwner implements Engine {
  private client: EngineClient;

  constructor(
    private readonly engineModule: Uri,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this.client = this.connect();
  }

  /** Process id of the engine, or null while none runs. */
  get processId(): number | null {
    return this.client.processId;
  }

  request<Method extends EngineMethod>(
    method: Method,
    params: EngineRequests[Method]['params'],
    options: RequestOptions = {},
  ): Promise<EngineRequests[Method]['result']> {
    this.log.debug(`${method} ${JSON.stringify(params)}`);
    return this.client.request(method, params, options);
  }

  /** Ends the process; what it was doing is rejected, and the next request starts a new one. */
  restart(): void {
    this.client.dispose();
    this.client = this.connect();
    this.log.info('The engine was restarted by the user.');
  }

  override dispose(): void {
    this.client.dispose();
    super.dispose();
  }

  private connect(): EngineClient {
    return new EngineClient({
      modulePath: this.engineModule.fsPath,
      onRestart: (message) => this.reportRestart(message),
      log: (line) => this.log.info(line),
    });
  }

  private reportRestart(message: string): void {
    this.log.warn(message);
    void window.showWarningMessage(message, 'Show Log').then((choice) => {
      if (choice !== undefined) this.log.show();
    });
  }
}
