import { type QuickPickItem, QuickPickItemKind, ThemeIcon } from 'vscode';
import { formatBytes } from '../../../base/format.js';
import { defaultCacheFolder } from '../../connectivity/connectivityRoom.js';
import type { Engine } from '../../kit/engineService.js';
import { messageOf } from '../../../base/errors.js';
import type { Pages } from '../../kit/pages.js';
import { askToPick } from '../../kit/quickPick.js';
import { cancellableJob } from '../cancellableJob.js';
import type { LineageStatus, NextReport } from '../lineageRoom.js';
import { lineageName } from '../view/words.js';
import { nextRoundPage } from './nextRoundPage.js';
import { showErrorMessage } from '../../kit/notices.js';

interface PrepareServices {
  readonly engine: Engine;
  readonly pages: Pages;
}

type Decision = 'write' | 'sweep' | 'close';

interface DecisionItem extends QuickPickItem {
  readonly decision?: Decision;
}

const title = 'Prepare Next Round';

/**
 * Shows what is known before the round that is due and, if the user wants it, writes its start.
 * @returns the lineage when a start is there to train from; undefined when the user gave up
 */
export async function prepareRound(path: string, services: PrepareServices): Promise<LineageStatus | undefined> {
  for (let sweep = false; ; sweep = true) {
    const report = await lookAhead(path, sweep, services.engine);
    if (report === undefined || report.status.next.kind === 'complete') return report?.status;
    await services.pages.showQuestioned(`Next round of ${lineageName(path)}`, nextRoundPage(report));
    const decision = await askForDecision(report, sweep);
    if (decision === undefined) return undefined;
    if (decision === 'close') return report.status;
    if (decision === 'write') return writeStart(path, false, services.engine);
  }
}

async function lookAhead(path: string, sweep: boolean, engine: Engine): Promise<NextReport | undefined> {
  const request = { path, sweep, cacheFolder: defaultCacheFolder() };
  try {
    return await cancellableJob(`Gathering evidence for the next round of ${lineageName(path)}`, (handle) =>
      engine.request('recycle/next', request, handle),
    );
  } catch (error) {
    if (await offersAnotherStart(path, messageOf(error), engine)) await writeStart(path, true, engine);
    return undefined;
  }
}

/** A start that is there may be what stands in the way: it is made of other models, or damaged. */
async function offersAnotherStart(path: string, message: string, engine: Engine): Promise<boolean> {
  const { next, releases } = await engine.request('recycle/status', { path });
  const release = releases.find(({ name }) => next.kind === 'round' && name === next.release);
  const hasStart = release?.models.some(({ role }) => role === 'start') ?? false;
  return (await showErrorMessage(message, ...(hasStart ? ['Write the Start Again'] : []))) !== undefined;
}

function writeStart(path: string, overwrite: boolean, engine: Engine): Promise<LineageStatus | undefined> {
  return cancellableJob(`Writing the start of the next round of ${lineageName(path)}`, (handle) =>
    engine.request('recycle/prepare', { path, overwrite }, handle),
  );
}

function writeItems({ plan, evidence }: NextReport): DecisionItem[] {
  if (evidence === null)
    return [{ decision: 'close', label: 'Go On', description: 'there is no start to write', iconPath: new ThemeIcon('check') }];
  if (plan === null)
    return [{ decision: 'close', label: 'Go On', description: 'the start is written already', iconPath: new ThemeIcon('check') }];
  if (plan.refusals.length > 0) return [];
  const description = `writes ${formatBytes(plan.writeByteLength)}`;
  return [{ decision: 'write', label: 'Write the Start', description, iconPath: new ThemeIcon('play') }];
}

function sweepItem({ evidence }: NextReport, isSwept: boolean): DecisionItem[] {
  if (isSwept || evidence === null || evidence.tasks.length === 0) return [];
  return [
    {
      decision: 'sweep',
      label: 'Sweep λ as Well',
      description: 'scores 7 scales of the diff vector, writes nothing',
      iconPath: new ThemeIcon('graph-line'),
    },
  ];
}

async function askForDecision(report: NextReport, isSwept: boolean): Promise<Decision | undefined> {
  const items: readonly DecisionItem[] = [
    ...writeItems(report),
    ...sweepItem(report, isSwept),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: 'Cancel', description: 'nothing was written', iconPath: new ThemeIcon('close') },
  ];
  const [refusal] = report.plan?.refusals ?? [];
  const advice = report.advice === null ? '' : `The advice is: ${report.advice.advice}. `;
  const placeholder = refusal === undefined ? `${advice}Read the page below, then choose` : `No start can be written: ${refusal.message}`;
  const item = await askToPick({ title, step: undefined, totalSteps: undefined, hasBack: false }, { placeholder, items });
  return item === undefined || item === 'back' ? undefined : item.decision;
}
