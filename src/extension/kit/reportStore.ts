import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { claimPlace } from '../../base/ownership/claimPlace.js';
import { partialPath } from '../../base/ownership/occupant.js';
import { writeWhole } from '../../base/writeWhole.js';
import { maxTextBytes, readText } from '../../base/readFile.js';

/** Reports of panels that were not closed: enough for a window full of them. */
const keptReports = 20;

/** How reports of a kind are files. */
export interface ReportFormat<Report> {
  /** With the leading dot. */
  readonly suffix: string;
  readonly toText: (report: Report) => string;
  readonly fromText: (text: string) => Report;
}

/** Keeps finished reports in the extension's storage, so that a reload of the window need not compute them again. */
export class ReportStore<Report> {
  constructor(
    private readonly folder: string,
    private readonly format: ReportFormat<Report>,
  ) {}

  async save(id: string, report: Report): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const path = this.pathOf(id);
    await writeWhole(path, this.format.toText(report), { overwrite: true });
    await this.prune();
  }

  /** The stored report, or undefined when there is none that can be read. */
  async load(id: string): Promise<Report | undefined> {
    try {
      return this.format.fromText(await readText(this.pathOf(id), { maxBytes: maxTextBytes }));
    } catch {
      return undefined;
    }
  }

  async delete(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true });
  }

  private pathOf(id: string): string {
    return join(this.folder, `${id}${this.format.suffix}`);
  }

  /** Identifiers begin with the time of their making, so that the order of names is that of age. */
  private async prune(): Promise<void> {
    const names = await readdir(this.folder);
    const reports = names.filter((name) => name.endsWith(this.format.suffix)).sort();
    const oldest = reports.slice(0, Math.max(0, reports.length - keptReports));
    await Promise.all(oldest.map((name) => rm(join(this.folder, name), { force: true })));
    await Promise.allSettled(names.filter((name) => name.endsWith(partialPath(''))).map((name) => this.sweep(name)));
  }

  /** Removes what a process has left that was killed while it saved; who is at it is left alone. */
  private async sweep(partial: string): Promise<void> {
    const place = join(this.folder, partial.slice(0, -partialPath('').length));
    await (await claimPlace(place)).remove();
  }
}
