import { type QuickPickItem, ThemeIcon } from 'vscode';
import { type CheckpointPart, checkpointParts, titleOf } from '../../checkpoint/index.js';
import { pickOne } from '../kit/quickPick.js';

interface PartItem extends QuickPickItem {
  readonly part: CheckpointPart;
}

/** Items that stand for the parts of a pipeline. */
export function partItems(parts: readonly CheckpointPart[]): PartItem[] {
  return parts.map((part) => ({ label: part.name, description: titleOf(part.address), iconPath: new ThemeIcon('package'), part }));
}

/**
 * Lets the user choose one of the models that a pipeline is made of.
 * @returns its address, that of any other model as it is, or undefined when the user chose none
 */
export async function pickPart(address: string): Promise<string | undefined> {
  const pipeline = await checkpointParts(address);
  if (pipeline === null) return address;
  const placeHolder = `${titleOf(address)} is a pipeline of several models: which one?`;
  return (await pickOne(partItems(pipeline.parts), { placeHolder }))?.part.address;
}
