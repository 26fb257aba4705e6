import { commands, type Uri, type Webview, window } from 'vscode';
import { Channel, type ConnectivityPanelEvents, type ConnectivityPanelRequests } from '../../webview/index.js';
import { DisposableOwner } from '../kit/disposable.js';
import { namedBy } from '../kit/namedPaths.js';
import { showPage } from '../kit/webviewPage.js';
import { type ConnectivityRun, runFromJson } from './connectivityRoom.js';
import type { ConnectivitySession } from './connectivitySession.js';
import { alreadyScored, type Extension, newTasks, refinement, requestToContinue } from './continueRun.js';
import { runExtension, savePicture, saveRun, saveTable } from './exportRun.js';
import { pointOfRun } from './pointOfRun.js';
import { readScoring } from './scoringSettings.js';
import { askedAgain } from './startedRun.js';
import { browseForTasks } from './taskFiles.js';
import { showInformationMessage } from '../kit/notices.js';
import { maxTextBytes, readText } from '../../base/readFile.js';

type Params<Method extends keyof ConnectivityPanelRequests> = ConnectivityPanelRequests[Method]['params'];

/** Shows a session in a webview and answers what the page asks. The session's owner is someone else. */
export class ConnectivityPage extends DisposableOwner {
  private readonly channel: Channel<ConnectivityPanelRequests, ConnectivityPanelEvents>;

  constructor(
    webview: Webview,
    private readonly session: ConnectivitySession,
    extension: Uri,
    restore?: unknown,
  ) {
    super();
    this.channel = this.register(
      new Channel<ConnectivityPanelRequests, ConnectivityPanelEvents>((message) => webview.postMessage(message)),
    );
    this.register(webview.onDidReceiveMessage((message: unknown) => this.channel.receive(message)));
    this.register(session.onDidChangeState((state) => this.channel.emit('state', state)));
    this.register(session.onDidProgress((progress) => this.channel.emit('progress', progress)));
    this.answerRequests();
    showPage(webview, { extension, bundle: 'connectivityPanel', title: session.title, restore });
  }

  private answerRequests(): void {
    this.channel.handle({
      ready: () => this.session.state,
      cancel: () => this.done(() => this.session.cancel()),
      goOn: () => this.goOn(),
      refine: () => this.extend(refinement),
      addTask: () => this.addTask(),
      addRun: () => this.addRun(),
      removeRun: ({ overlay }) => this.done(() => this.session.removeOverlay(overlay)),
      writePoint: (params) => this.writePoint(params),
      saveRun: async () => ({ savedTo: await saveRun(this.run) }),
      exportTable: async () => ({ savedTo: await saveTable(this.run) }),
      exportPicture: async (picture) => ({ savedTo: await savePicture(this.run, picture) }),
    });
  }

  private get run(): ConnectivityRun {
    return this.session.runOf(null);
  }

  private done(act: () => void): null {
    act();
    return null;
  }

  /** Answers at once: how it goes on arrives as events. */
  private extend(extension: Extension): null {
    this.session.requirePaths();
    void this.session.start(requestToContinue(this.run, readScoring(), extension));
    return null;
  }

  /** What was asked for last, less what is known; a run that was saved incomplete lacked some of its refining. */
  private goOn(): null {
    const { request, run, title } = this.session;
    if (request === undefined) return this.extend(refinement);
    this.session.requirePaths();
    void this.session.start(withPrevious(askedAgain(request, title, readScoring()), run));
    return null;
  }

  private async addTask(): Promise<null> {
    const chosen = (await browseForTasks()) ?? [];
    const tasks = newTasks(this.run, chosen);
    if (tasks.length > 0) return this.extend({ tasks });
    if (chosen.length > 0) void showInformationMessage(alreadyScored(this.run, chosen));
    return null;
  }

  private async addRun(): Promise<null> {
    const chosen = await window.showOpenDialog({
      title: 'Choose a saved run',
      openLabel: 'Add Run',
      filters: { 'Connectivity runs': ['json'] },
    });
    const path = chosen?.[0]?.fsPath;
    if (path === undefined) return null;
    const run = runFromJson(await readText(path, { maxBytes: maxTextBytes }), path);
    if (run.kind !== 'line')
      throw new Error(`${path} holds no curve: only curves can be laid over each other. Open the *.${runExtension} by itself.`);
    return this.done(() => this.session.addOverlay(run));
  }

  /** Answers at once: the transfer's wizard plans the point and asks its own questions. */
  private writePoint({ overlay, place }: Params<'writePoint'>): null {
    const run = this.session.runOf(overlay);
    if (overlay === null) this.session.requirePaths();
    else namedBy(run.title).require(run.inputs.map(({ path }) => path)); // of a file, whose name is not kept
    void commands.executeCommand('modelRebase.transfer', pointOfRun(run, place));
    return null;
  }
}

type Request = NonNullable<ConnectivitySession['request']>;

function withPrevious(request: Request, run: ConnectivityRun | undefined): Request {
  if (request.kind === 'line' && run?.kind === 'line') return { ...request, previous: run };
  return request.kind === 'matrix' && run?.kind === 'matrix' ? { ...request, previous: run } : request;
}
