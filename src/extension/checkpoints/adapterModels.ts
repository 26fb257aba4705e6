import { addressOfSum, titleOf } from '../../checkpoint/index.js';
import { diffVectorFacts } from '../transfer/combineRoom.js';
import type { CheckpointLibrary } from './checkpointLibrary.js';
import { browseItems, checkpointItems, type CheckpointItem } from './pickCheckpoint.js';

/** Whether an adapter lies at an address; what cannot be opened is told by whoever opens it. */
export async function isAdapterAt(path: string, library: CheckpointLibrary): Promise<boolean> {
  const model = await library.checkpointAt(path).catch(() => null);
  return model !== null && model.adapter !== null;
}

/** The question for the base of an adapter that was chosen where a model is asked for. */
export function baseQuestion(
  adapter: string,
  library: CheckpointLibrary,
): { readonly placeholder: string; readonly items: readonly CheckpointItem[] } {
  const models = checkpointItems(library, ({ checkpoint }) => checkpoint.adapter === null && diffVectorFacts(checkpoint) === null);
  return { placeholder: `${titleOf(adapter)} is an adapter. Its base, with which it is a model`, items: [...models, ...browseItems] };
}

/** A base with an adapter, as an address. */
export function withAdapter(base: string, adapter: string): string {
  return addressOfSum({ base, adapters: [{ address: adapter, scale: 1 }] });
}

/** Two versions to be compared: of a model and an adapter, the model without and with it. */
export async function comparablePair(
  a: string,
  b: string,
  library: CheckpointLibrary,
): Promise<{ readonly a: string; readonly b: string }> {
  const [first, second] = await Promise.all([isAdapterAt(a, library), isAdapterAt(b, library)]);
  if (first === second) return { a, b };
  return first ? { a: withAdapter(b, a), b } : { a, b: withAdapter(a, b) };
}
