import { FileByteSource, type Finding, type Tensor } from '../../checkpoint/index.js';
import { storedTensor } from './inputTensors.js';
import type { MatchedInput } from './matchSources.js';
import { nameList } from '../../base/nameList.js';
import type { Roles } from './roles.js';
import { plural } from '../../base/format.js';

/** Larger tensors are not read while planning: a plan takes no time, whatever the size of the model. */
const largestRead = 4 << 20;
const largestTotal = 64 << 20;

/**
 * Integer tensors, buffers and quantised values are not combined: the template's are kept. Says where the versions do
 * not agree on them, and which were too large to look at.
 */
export async function checkAgreement(
  notCombined: readonly Tensor[],
  roles: Roles,
  matched: readonly MatchedInput[],
  signal?: AbortSignal,
): Promise<Finding[]> {
  const differing: string[] = [];
  const unread: string[] = [];
  let total = 0;
  for (const tensor of notCombined) {
    total += tensor.byteLength;
    const outcome = total > largestTotal ? 'unread' : await compareKept(tensor, roles, matched, signal);
    if (outcome === 'different') differing.push(tensor.name);
    if (outcome === 'unread') unread.push(tensor.name);
  }
  const template = matched[roles.template]!.input.role;
  const differs = `${plural(differing.length, 'tensor')} not combined (integers, buffers or quantised values) differ between the versions; those of ${template} are kept: ${nameList(differing)}.`;
  const unknown = `${plural(unread.length, 'tensor')} of integers or quantised values are kept from ${template}, not combined: ${nameList(unread)}. Whether the versions agree on them was not checked. If these are most of the weights, use versions in BF16, F16 or F32.`;
  return [
    ...(differing.length > 0
      ? [{ severity: 'warning', code: 'not-combined-differs', message: differs, tensor: differing[0]! } as const]
      : []),
    ...(unread.length > 0 ? [{ severity: 'warning', code: 'not-combined-unread', message: unknown, tensor: unread[0]! } as const] : []),
  ];
}

async function compareKept(
  tensor: Tensor,
  { template }: Roles,
  matched: readonly MatchedInput[],
  signal?: AbortSignal,
): Promise<'equal' | 'different' | 'unread'> {
  const others = matched.flatMap(({ input, tensors }, index) =>
    index === template || input.diffVector !== null ? [] : [{ input, other: storedIn(tensors, tensor.name) }],
  );
  const isAlike = others.every(
    ({ other }) => other === undefined || (other.dtype === tensor.dtype && other.byteLength === tensor.byteLength),
  );
  if (!isAlike) return 'different';
  if (tensor.byteLength > largestRead) return 'unread';
  const own = await readTensor(matched[template]!.input.checkpoint.shards[tensor.shard]!.path, tensor, signal);
  for (const { input, other } of others) {
    if (other === undefined) continue;
    const bytes = await readTensor(input.checkpoint.shards[other.shard]!.path, other, signal);
    if (Buffer.compare(own, bytes) !== 0) return 'different';
  }
  return 'equal';
}

/** Undefined where the input has no such tensor, or only computes it. */
function storedIn(tensors: MatchedInput['tensors'], name: string): Tensor | undefined {
  const tensor = tensors.get(name);
  return (tensor && storedTensor(tensor)) ?? undefined;
}

async function readTensor(path: string, { start, byteLength }: Tensor, signal?: AbortSignal): Promise<Uint8Array> {
  const source = await FileByteSource.open(path, signal);
  try {
    return await source.read(start, start + byteLength, signal);
  } finally {
    await source.close();
  }
}
