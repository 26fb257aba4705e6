import { type LogOutputChannel, type Uri } from 'vscode';
// Not the room's index: that brings the jobs themselves, which run in the engine's process and not here.
import { EngineClient, type EngineDeath, type RequestOptions } from '../../engine/client.js';
import type { EngineMethod, EngineRequests } from '../../engine/protocol.js';
import { visibleText } from '../../base/visibleText.js';
import { DisposableOwner } from './disposable.js';
import { allowedFolders } from './namedPaths.js';
import { showWarningMessage } from './notices.js';

/** What the rest of the extension needs of the engine: requests, answered in a background process. */
export interface Engine {
  request<Method extends EngineMethod>(
    method: Method,
    params: EngineRequests[Method]['params'],
    options?: RequestOptions,
  ): Promise<EngineRequests[Method]['result']>;
}

/** Deaths that follow each other faster have one cause, and the user is told once. */
const sameCauseMs = 30_000;

/** Keeps one engine process for the window; starts it with the first request and tells the user when it died. */
export class EngineService extends DisposableOwner implements Engine {
  private readonly client: EngineClient;
  private toldAt = -Infinity;

  constructor(
    engineModule: Uri,
    private readonly log: LogOutputChannel,
  ) {
    super();
    this.client = new EngineClient({
      modulePath: engineModule.fsPath,
      onDeath: (death) => this.report(death),
      allowedFolders,
      log: (line) => this.log.info(visibleText(line)),
    });
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
    this.client.restart();
    this.log.info('The host process was restarted by the user.');
  }

  override dispose(): void {
    this.client.dispose();
    super.dispose();
  }

  /** Whoever asked for a job that was stopped shows why; a second message would say the same. */
  private report({ message, stoppedCount }: EngineDeath): void {
    this.log.warn(message);
    const isNews = performance.now() - this.toldAt > sameCauseMs;
    if (stoppedCount > 0 || !isNews) return;
    this.toldAt = performance.now();
    void showWarningMessage(message, 'Show Log').then((choice) => {
      if (choice !== undefined) this.log.show();
    });
  }
}
