import { ReportStore } from '../kit/reportStore.js';
import { type ConnectivityRun, runFromJson, runToJson } from './connectivityRoom.js';
import { runExtension } from './exportRun.js';
import { startedFromJson, type StartedRun, startedToJson } from './startedRun.js';

/** What is known of a panel's run; both are missing where nothing was kept. */
export interface KeptRun {
  readonly run: ConnectivityRun | undefined;
  readonly started: StartedRun | undefined;
}

/** Keeps runs of panels that were not closed, and what they were asked for, over a reload of the window. */
export class KeptRuns {
  private readonly runs: ReportStore<ConnectivityRun>;
  private readonly requests: ReportStore<StartedRun>;

  /** @param folder Of the extension's storage. */
  constructor(folder: string) {
    this.runs = new ReportStore(folder, { suffix: `.${runExtension}`, toText: runToJson, fromText: runFromJson });
    this.requests = new ReportStore(folder, { suffix: '.request.json', toText: startedToJson, fromText: startedFromJson });
  }

  saveRun(id: string, run: ConnectivityRun): Promise<void> {
    return this.runs.save(id, run);
  }

  saveStarted(id: string, started: StartedRun): Promise<void> {
    return this.requests.save(id, started);
  }

  async load(id: string): Promise<KeptRun> {
    const [run, started] = await Promise.all([this.runs.load(id), this.requests.load(id)]);
    return { run, started };
  }

  async delete(id: string): Promise<void> {
    await Promise.all([this.runs.delete(id), this.requests.delete(id)]);
  }
}
