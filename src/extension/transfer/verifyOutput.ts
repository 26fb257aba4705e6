import { basename } from 'node:path';
import { type QuickPickItem, ThemeIcon } from 'vscode';
import { plural } from '../../base/format.js';
import { visibleText } from '../../base/visibleText.js';
import type { Engine } from '../kit/engineService.js';
import { readWorkers } from '../kit/settings.js';
import { type VerifyReport } from './combineRoom.js';
import { withJobNotification } from '../kit/jobNotification.js';
import type { Pages } from '../kit/pages.js';
import { pickOne } from '../kit/quickPick.js';
import { escapeMarkdown, markdownRow } from '../../base/markdown.js';
import { showErrorMessage, showInformationMessage } from '../kit/notices.js';

interface DepthItem extends QuickPickItem {
  readonly deep: boolean;
}

const depths: readonly DepthItem[] = [
  {
    deep: false,
    label: 'Quick',
    detail: 'Are all bytes those that were written? Reads the checkpoint once.',
    iconPath: new ThemeIcon('check'),
  },
  {
    deep: true,
    label: 'Deep',
    detail: 'Also computes the combination again from its inputs and compares every value.',
    iconPath: new ThemeIcon('check-all'),
  },
];

/** Asks how thoroughly; undefined when dismissed. */
export async function askForDepth(folder: string): Promise<boolean | undefined> {
  const title = `Verify ${visibleText(basename(folder))}`;
  return (await pickOne(depths, { title, placeHolder: 'How thoroughly?' }))?.deep;
}

function differencePage(name: string, { differences, deep }: VerifyReport): string {
  const rows = differences.map(({ kind, name: what, problem }) => markdownRow([kind, what, problem]));
  return [
    `# ${escapeMarkdown(name)} differs from its manifest`,
    '',
    deep ? 'Compared with the manifest and the inputs.' : 'Compared with the manifest.',
    '',
    '| | name | problem |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

/**
 * Compares an output with its manifest, and when deep with its inputs; says how that ended and lists what differs.
 * @returns the report, or null when cancelled
 */
export async function verifyOutput(engine: Engine, pages: Pages, folder: string, deep: boolean): Promise<VerifyReport | null> {
  const name = basename(folder);
  const report = await withJobNotification(`Verifying ${name}`, async ({ signal, onProgress }) => {
    const request = engine.request('combine/verify', { folder, deep, workers: readWorkers() }, { signal, onProgress });
    return request.catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    });
  });
  if (report === null) return null;
  if (report.differences.length > 0) {
    await pages.showText(`Verification of ${name}`, differencePage(name, report));
    void showErrorMessage(`${name}: ${plural(report.differences.length, 'difference')}. The page lists them.`);
  } else {
    const against = deep ? 'its manifest and its inputs' : 'its manifest';
    const beside = report.unlisted.length === 0 ? '' : ` Beside them lies what the manifest does not list: ${report.unlisted.join(', ')}.`;
    void showInformationMessage(`${name}: ${plural(report.tensorCount, 'tensor')} and all files agree with ${against}.${beside}`);
  }
  return report;
}
