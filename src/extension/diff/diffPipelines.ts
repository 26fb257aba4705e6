import { type CheckpointPart, checkpointParts } from '../../checkpoint/index.js';
import { partItems, pickPart } from '../checkpoints/pickPart.js';
import { pickSeveral } from '../kit/quickPick.js';
import type { DiffPanels } from './diffPanels.js';
import type { DiffInputs } from './diffSession.js';

/** Shows the diff of two models: of two pipelines one panel for each part that the user chooses, of a pipeline and a model that of one part. */
export async function showDiff(inputs: DiffInputs, panels: DiffPanels): Promise<void> {
  const [a, b] = await Promise.all([checkpointParts(inputs.a), checkpointParts(inputs.b)]);
  if (a !== null && b !== null) await showParts(a.parts, b.parts, panels);
  else {
    const [partA, partB] = [await pickPart(inputs.a), await pickPart(inputs.b)];
    if (partA !== undefined && partB !== undefined) panels.show({ a: partA, b: partB });
  }
}

async function showParts(a: readonly CheckpointPart[], b: readonly CheckpointPart[], panels: DiffPanels): Promise<void> {
  const other = (name: string): CheckpointPart | undefined => b.find((part) => part.name === name);
  const common = a.filter(({ name }) => other(name) !== undefined);
  if (common.length === 0) throw new Error('The two pipelines have no part in common.');
  const unmatched = [...a.filter((part) => !common.includes(part)), ...b.filter(({ name }) => common.every((part) => part.name !== name))];
  const placeHolder =
    unmatched.length === 0 ? 'Each part gets a panel' : `Only one side has ${unmatched.map(({ name }) => name).join(', ')}`;
  const items = partItems(common).map((item) => ({ ...item, picked: true }));
  const picked = await pickSeveral(items, { title: 'Parts to Compare', placeHolder });
  for (const { part } of picked ?? []) panels.show({ a: part.address, b: other(part.name)!.address });
}
