import { type QuickPickItem, ThemeIcon } from 'vscode';
import { formatNumber } from '../../../base/format.js';
import type { CheckpointLibrary } from '../../checkpoints/checkpointLibrary.js';
import { pickCheckpoint } from '../../checkpoints/pickCheckpoint.js';
import { defaultCacheFolder } from '../../connectivity/connectivityRoom.js';
import type { Engine } from '../../kit/engineService.js';
import { pickOne } from '../../kit/quickPick.js';
import { isDiffVector } from '../../transfer/wizard/modelStep.js';
import { cancellableJob } from '../cancellableJob.js';
import type { LineageStatus, ReleaseStatus } from '../lineageRoom.js';
import { stateWords } from '../view/words.js';
import { showInformationMessage, showWarningMessage } from '../../kit/notices.js';

const title = 'Record Fine-tuned Model';

interface RecordServices {
  readonly engine: Engine;
  readonly library: CheckpointLibrary;
}

interface ReleaseItem extends QuickPickItem {
  readonly release: ReleaseStatus;
}

/** Takes a model that was trained elsewhere as a release's fine-tuned version, and scores it beside the others. */
export async function recordFineTuned(path: string, releaseName: string | undefined, { engine, library }: RecordServices): Promise<void> {
  const status = await engine.request('recycle/status', { path });
  const release = status.releases.find(({ name }) => name === releaseName) ?? (await pickRelease(status));
  if (release === undefined) return;
  const model = await pickCheckpoint(
    library,
    title,
    `The fine-tuned version of ${release.name}; it stays where it is`,
    (entry) => !isDiffVector(entry),
  );
  const known = release.models.find(({ role }) => role === 'finetuned');
  if (model === undefined || (known !== undefined && !(await confirmsReplacing(release.name, known.path)))) return;
  const request = { path, release: release.name, fineTune: 'finetuned', model, overwrite: known !== undefined } as const;
  const check = await cancellableJob(`Checking ${release.name}`, (handle) => engine.request('recycle/record', request, handle));
  if (check === undefined) return;
  for (const remark of check.remarks) void showWarningMessage(remark);
  void showInformationMessage(`${release.name} has its fine-tuned version: ‖Δ‖ = ${formatNumber(check.normDelta)}.`);
  if (status.tasks.length > 0) await scoreRelease(path, release.name, engine);
}

async function pickRelease({ releases, next }: LineageStatus): Promise<ReleaseStatus | undefined> {
  if (releases.length === 0) throw new Error('The lineage has no release yet: add one with “Add Base Release…”.');
  const isDue = ({ name }: ReleaseStatus): boolean => next.kind === 'round' && next.release === name;
  const items = releases.map((release): ReleaseItem => ({
    label: release.name,
    description: `${stateWords[release.state]}${isDue(release) ? ' · next' : ''}`,
    iconPath: new ThemeIcon(release.state === 'finetuned' ? 'pass-filled' : 'circle-outline'),
    release,
  }));
  const ordered = [...items.filter((item) => isDue(item.release)), ...items.filter((item) => !isDue(item.release))];
  return (await pickOne(ordered, { title, placeHolder: 'Which release was fine-tuned?' }))?.release;
}

async function confirmsReplacing(release: string, known: string): Promise<boolean> {
  const replace = { title: 'Name the Other Model' };
  const detail = `It has ${known}, which stays on the disk.`;
  return (await showWarningMessage(`${release} has a fine-tuned version already.`, { modal: true, detail }, replace)) === replace;
}

/** Scores every model of a release on the lineage's tasks; results that are known are not computed again. */
export async function scoreRelease(path: string, release: string, engine: Engine): Promise<void> {
  const request = { path, release, cacheFolder: defaultCacheFolder() };
  await cancellableJob(`Scoring ${release}`, (handle) => engine.request('recycle/score', request, handle));
}
