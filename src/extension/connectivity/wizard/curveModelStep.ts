import type { CheckpointLibrary } from '../../checkpoints/checkpointLibrary.js';
import { browseItems, checkpointItems } from '../../checkpoints/pickCheckpoint.js';
import { askForPath, isDiffVector, modelQuestions } from '../../transfer/wizard/modelStep.js';
import type { Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';
import { type CurveDraft, type CurveRole, rolesOf } from '../curveDraft.js';

const questions: Readonly<Record<CurveRole, string>> = {
  ...modelQuestions,
  a: 'The model at α = 0: the one to start from',
  b: 'The model at α = 1',
  c: 'The third model of the plane',
};

/** Asks for the model of one role; those that have another part already are not offered. */
export async function askForCurveModel(
  role: CurveRole,
  draft: CurveDraft,
  at: Place,
  library: CheckpointLibrary,
): Promise<Answer<CurveDraft>> {
  const { way, models } = draft;
  const taken = (way === null ? [] : rolesOf[way]).filter((other) => other !== role).map((other) => models[other]);
  const versions = checkpointItems(library, (entry) => !isDiffVector(entry) && !taken.includes(entry.path));
  const answer = await askForPath(
    at,
    { placeholder: questions[role], items: [...versions, ...browseItems], active: models[role] },
    library,
  );
  return answer === undefined || answer === 'back' ? answer : { ...draft, models: { ...models, [role]: answer.path } };
}

/** A step that asks for the model of a role, where the way has it and the selection did not say it. */
export function curveModelStep(role: CurveRole, library: CheckpointLibrary, isKnown: boolean): Step<CurveDraft> {
  return {
    isNeeded: ({ way }) => !isKnown && way !== null && rolesOf[way].includes(role),
    ask: (draft, at) => askForCurveModel(role, draft, at, library),
  };
}
