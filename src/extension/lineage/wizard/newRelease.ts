import { ThemeIcon } from 'vscode';
import type { CheckpointLibrary } from '../../checkpoints/checkpointLibrary.js';
import { browseItems, type CheckpointItem, checkpointItems } from '../../checkpoints/pickCheckpoint.js';
import { folderNameOf } from '../../modelName.js';
import { askForText } from '../../kit/inputBox.js';
import { askForPath, isDiffVector } from '../../transfer/wizard/modelStep.js';
import type { Place } from '../../kit/quickPick.js';
import { type Answer, askSteps } from '../../kit/steps.js';
import { type LineageStatus, type NewRelease, releaseName } from '../lineageRoom.js';

interface ReleaseDraft {
  readonly base: string | null;
  readonly name: string;
  readonly finetuned: string | null;
}

/** Stands for no model in a list of paths. */
const noPath = '';
const notYet: CheckpointItem = {
  label: 'None Yet',
  description: 'its round is still to come',
  iconPath: new ThemeIcon('circle-outline'),
  path: noPath,
};

/** Why a name cannot be a release's; null when it can. */
export function releaseNameProblem(name: string, taken: readonly string[]): string | null {
  if (!releaseName.test(name)) return 'A name has letters, digits, spaces and . _ + - and begins with a letter or digit.';
  return taken.some((other) => other.toLowerCase() === name.toLowerCase()) ? `There is a release “${name}” already.` : null;
}

/** Asks for a base release behind the others. Undefined: the user gave up. */
export async function askForRelease({ releases }: LineageStatus, library: CheckpointLibrary): Promise<NewRelease | undefined> {
  const taken = releases.map(({ name }) => name);
  const models = checkpointItems(library, (entry) => !isDiffVector(entry));
  const asks = [
    (draft: ReleaseDraft, place: Place) => askForBase(draft, place, models, library),
    (draft: ReleaseDraft, place: Place) => askForName(draft, place, taken),
    (draft: ReleaseDraft, place: Place) => askForFineTuned(draft, place, models, releases.length === 0),
  ];
  const steps = asks.map((ask) => ({ isNeeded: () => true, ask }));
  const draft = await askSteps<ReleaseDraft>('Add Base Release', steps, { base: null, name: '', finetuned: null });
  return draft?.base == null ? undefined : { ...draft, base: draft.base };
}

async function askForBase(
  draft: ReleaseDraft,
  place: Place,
  models: readonly CheckpointItem[],
  library: CheckpointLibrary,
): Promise<Answer<ReleaseDraft>> {
  const placeholder = 'The base checkpoint of the new release';
  const answer = await askForPath(place, { placeholder, items: [...models, ...browseItems], active: draft.base }, library);
  if (answer === undefined || answer === 'back') return answer;
  const isProposed = draft.name === '' || draft.name === proposedName(draft.base);
  return { ...draft, base: answer.path, name: isProposed ? proposedName(answer.path) : draft.name };
}

function proposedName(base: string | null): string {
  return base === null ? '' : folderNameOf(base);
}

async function askForName(draft: ReleaseDraft, place: Place, taken: readonly string[]): Promise<Answer<ReleaseDraft>> {
  const prompt = 'A short name for the release, such as v2';
  const answer = await askForText(place, { prompt, value: draft.name, problemOf: (name) => releaseNameProblem(name, taken) });
  return answer === undefined || answer === 'back' ? answer : { ...draft, name: answer.text };
}

async function askForFineTuned(
  draft: ReleaseDraft,
  place: Place,
  models: readonly CheckpointItem[],
  isFirst: boolean,
): Promise<Answer<ReleaseDraft>> {
  const others = models.filter(({ path }) => path !== draft.base);
  const items = isFirst ? [...others, notYet, ...browseItems] : [notYet, ...others, ...browseItems];
  const hint = isFirst ? 'the first release usually has one, and its diff vector is carried on' : 'where there is one already';
  const answer = await askForPath(place, { placeholder: `Its fine-tuned version: ${hint}`, items, active: draft.finetuned });
  if (answer === undefined || answer === 'back') return answer;
  return { ...draft, finetuned: answer.path === noPath ? null : answer.path };
}
