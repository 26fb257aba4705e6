/** Runs in the page before the panel: plays VS Code and the extension host. Tests talk to `globalThis.fakeHost`. */
import { Channel, type Handlers, type RequestMap } from '../../../src/webview/channel.js';
import { checkpointHandlers } from './fakeCheckpointHost.js';
import { connectivityHandlers } from './fakeConnectivityHost.js';
import { diffHandlers } from './fakeDiffHost.js';
import { lineageHandlers } from './fakeLineageHost.js';
import { asVsCodeCarriesIt } from './post.js';
import { scrollFrames, timeToFirstRow } from './measure.js';
import { applyTheme } from './applyTheme.js';

/** A request the panel made. */
export interface Call {
  readonly method: string;
  readonly params: unknown;
}

export interface FakeHost {
  readonly calls: Call[];
  readonly violations: string[];
  state: unknown;
  emit(event: string, payload: unknown): void;
  applyTheme: typeof applyTheme;
  /** Milliseconds from the panel's start to its first painted row. */
  readonly opened: Promise<number>;
  scrollFrames: typeof scrollFrames;
}

const stateKey = 'panel-state';
const query = new URLSearchParams(location.search);
const calls: Call[] = [];
const violations: string[] = [];

function recorded<Requests extends RequestMap<Requests>>(handlers: Handlers<Requests>): Handlers<Requests> {
  return Object.fromEntries(
    Object.entries<(params: unknown) => unknown>(handlers as never).map(([method, handler]) => [
      method,
      (params: unknown) => {
        calls.push({ method, params });
        return handler(params);
      },
    ]),
  ) as Handlers<Requests>;
}

type AnyRequests = Record<string, { params: unknown; result: unknown }>;
const channel = new Channel<AnyRequests, Record<string, unknown>>((message) => window.postMessage(asVsCodeCarriesIt(message)));
const scenario = query.get('scenario') ?? 'realistic';
const emit = (event: string, payload: unknown): void => channel.emit(event, payload);
const panels: Readonly<Record<string, () => unknown>> = {
  diffPanel: () => diffHandlers(scenario, emit),
  checkpointPanel: () => checkpointHandlers(scenario),
  connectivityPanel: () => connectivityHandlers(scenario, emit),
  lineagePanel: () => lineageHandlers(scenario, emit),
};
channel.handle(recorded(panels[location.pathname.slice(1)]?.() as Handlers<AnyRequests>));

let panelStarted: () => void = () => undefined;

const fakeHost: FakeHost = {
  calls,
  violations,
  get state(): unknown {
    const saved = sessionStorage.getItem(stateKey);
    return saved === null ? undefined : (JSON.parse(saved) as unknown);
  },
  emit,
  applyTheme,
  opened: new Promise((resolve) => (panelStarted = () => resolve(timeToFirstRow(performance.now())))),
  scrollFrames,
};

document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
  violations.push(`${violatedDirective}: ${blockedURI} at ${sourceFile}:${lineNumber}`);
});

Object.assign(globalThis, {
  fakeHost,
  acquireVsCodeApi: () => {
    panelStarted();
    return {
      postMessage: (message: unknown) => channel.receive(asVsCodeCarriesIt(message)),
      getState: () => fakeHost.state,
      setState: (state: unknown) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
    };
  },
});
