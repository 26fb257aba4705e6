import { FormatError } from '../../../base/formatError.js';
import type { Finding } from '../../finding.js';
import { dictFindings } from '../pytorch/dictFindings.js';
import { findStateDict, isTrainingKey } from '../pytorch/stateDict.js';
import type { PickleCall, PickleDict, PickleValue } from '../pickle/index.js';
import type { DistributedMetadata } from './distributedMetadata.js';

/** The tensors of the model among what was saved. */
export interface ChosenTensors {
  /** Names in the model, with the full names in what was saved. */
  readonly names: ReadonlyMap<string, string>;
  readonly findings: readonly Finding[];
}

/** Finds the model in what was saved as in a file of torch.save: by the keys that lead to its tensors. @throws FormatError */
export function chooseTensors(file: string, { tensors, paths }: DistributedMetadata): ChosenTensors {
  const root: PickleDict = { kind: 'dict', entries: [] };
  for (const name of tensors.keys()) place(root, paths.get(name) ?? guessPath(name), name);
  const dict = findStateDict(root, null);
  if (dict.tensors.size === 0)
    throw new FormatError({
      file,
      problem: 'no model is saved in it',
      actual: dict.others.length === 0 ? 'no tensors' : 'the state of an optimizer',
      remedy: 'Name the folder that holds the weights.',
    });
  const names = new Map([...dict.tensors].map(([name, leaf]) => [name, nameOf(leaf)]));
  return { names, findings: dictFindings(file, dict, null) };
}

/** Where older versions do not say which keys led to a tensor, only those of training state are told from its name. */
function guessPath(name: string): readonly string[] {
  const end = name.indexOf('.');
  const first = name.slice(0, Math.max(0, end));
  return isTrainingKey(first) ? [first, name.slice(end + 1)] : [name];
}

function place(root: PickleDict, path: readonly string[], name: string): void {
  let dict = root;
  for (const key of path.slice(0, -1)) dict = innerDict(dict, key);
  dict.entries.push([path.at(-1) ?? name, leafOf(name)]);
}

const inner = new WeakMap<PickleDict, Map<string, PickleDict>>();

function innerDict(dict: PickleDict, key: string): PickleDict {
  const known = inner.get(dict) ?? new Map<string, PickleDict>();
  inner.set(dict, known);
  const found = known.get(key);
  if (found !== undefined) return found;
  const made: PickleDict = { kind: 'dict', entries: [] };
  known.set(key, made);
  dict.entries.push([key, made]);
  return made;
}

/** Stands for a tensor, as PyTorch's own pickles would have it, with its full name as the only argument. */
function leafOf(name: string): PickleCall {
  return {
    kind: 'call',
    callee: { kind: 'global', module: 'torch._utils', name: '_rebuild_tensor_v2' },
    args: [name],
    state: undefined,
    items: [],
    entries: [],
  };
}

function nameOf(leaf: PickleValue): string {
  return (leaf as PickleCall).args[0] as string;
}
