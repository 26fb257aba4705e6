import { Channel, type RequestMap } from '../channel.js';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The connection of a panel to its host, and the small state that VS Code keeps for it while it is hidden. */
export interface PanelHost<Requests extends RequestMap<Requests>, Events extends object> {
  readonly channel: Channel<Requests, Events>;
  readonly savedState: unknown;
  saveState(state: unknown): void;
}

/** What the host wants back when VS Code restores the panel; the host writes it into the page as `data-restore`. */
function hostState(): object {
  const written = document.body.dataset['restore'];
  return written === undefined ? {} : { restore: JSON.parse(written) as unknown };
}

/** Connects to the extension host. VS Code allows this once per page. */
export function connectToHost<Requests extends RequestMap<Requests>, Events extends object>(): PanelHost<Requests, Events> {
  const api = acquireVsCodeApi();
  const channel = new Channel<Requests, Events>((message) => api.postMessage(message));
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => channel.receive(data));
  const savedState = api.getState();
  const saveState = (state: unknown): void => api.setState({ ...(state as object), ...hostState() });
  saveState(savedState ?? {});
  return { channel, savedState, saveState };
}
