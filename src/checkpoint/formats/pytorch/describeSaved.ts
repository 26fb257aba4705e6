import { shortList } from '../../../base/nameList.js';
import { calleeName, entriesOf, isObject, itemsOf, valueOf, type PickleValue } from '../pickle/index.js';

/** What was saved where it is no model, and what to do. */
export interface Saved {
  readonly what: string;
  readonly remedy: string;
}

const beside = 'Name the file of the weights instead.';

/** Something that training leaves beside weights, which may hold tensors and is no model; null for anything else. */
export function describeTrainingState(root: PickleValue): Saved | null {
  const has = (key: string): boolean => valueOf(root, key) !== undefined;
  const kinds: readonly (readonly [what: string, isIt: boolean])[] = [
    [`settings of a training run (${calleeName(root)})`, /TrainingArguments|Config$/.test(calleeName(root) ?? '')],
    ['the state of an optimizer', has('param_groups') && has('state')],
    ['the state of a learning rate schedule', has('last_epoch') && has('_step_count')],
    ['states of random number generators', ['numpy', 'python', 'cpu', 'cuda', 'random_state'].filter(has).length > 1],
    ['the state of a gradient scaler', has('growth_factor') && has('growth_interval')],
  ];
  const found = kinds.find(([, isIt]) => isIt);
  return found === undefined ? null : { what: found[0], remedy: beside };
}

/** What was saved that holds no tensors. */
export function describeSaved(root: PickleValue): Saved {
  return { what: describeValue(root), remedy: 'Name a file that holds a dictionary of tensors (model.state_dict()).' };
}

function describeValue(root: PickleValue): string {
  const entries = entriesOf(root);
  const name = calleeName(root);
  if (entries?.length === 0) return 'an empty dictionary';
  if (entries !== null) return `a dictionary without tensors (${shortList(entries.map(([key]) => describeKey(key)))})`;
  if (itemsOf(root) !== null) return 'a list without tensors';
  if (name !== null) return `an object of ${name}`;
  return isObject(root) ? `a ${root.kind}` : root === null ? 'None' : `a ${typeof root}`;
}

function describeKey(key: PickleValue): string {
  return typeof key === 'object' ? '…' : String(key).slice(0, 40);
}
