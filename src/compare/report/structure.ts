import { formatCount } from '../../base/format.js';
import { tensorStatuses, type GroupDiff, type TensorStatus } from './report.js';

/** `12 changed · 3 identical · 1 added`: statuses that occur, in the order of `tensorStatuses` with changes first. */
export function describeStatuses({ statuses }: GroupDiff): string {
  const order: readonly TensorStatus[] = ['changed', ...tensorStatuses.filter((status) => status !== 'changed')];
  const parts = order.filter((status) => statuses[status] > 0).map((status) => `${formatCount(statuses[status])} ${status}`);
  return parts.length === 0 ? 'no tensors' : parts.join(' · ');
}

/** Whether anything differs: what `diff --exit-code` answers with 1. Unread tensors count, since nothing vouches for them. */
export function hasChanges({ statuses, tensorCount }: GroupDiff): boolean {
  return statuses.identical < tensorCount;
}
