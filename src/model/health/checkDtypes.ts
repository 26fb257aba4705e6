import type { Tensor, TensorListing } from '../../checkpoint/checkpoint.js';
import { isReadable } from '../../checkpoint/dtype.js';
import type { Finding } from '../../checkpoint/finding.js';
import { plural } from '../../base/format.js';
import { nameList } from '../../base/nameList.js';
import { parseTensorName } from '../names/index.js';

/** A majority needs at least this many layers. */
const fewestLayers = 3;

/** Tensors stored otherwise than the same module in most layers. */
export function checkOutliers(file: string, tensors: readonly TensorListing[]): Finding[] {
  if (tensors.every(({ dtype }) => dtype === tensors[0]?.dtype)) return [];
  const outliers = modulesOf(tensors).flatMap(minorityOf);
  const [first] = outliers;
  if (first === undefined) return [];
  const shown = outliers.map(({ name, dtype }) => `${name} (${dtype})`);
  const message = `${plural(outliers.length, 'tensor')} stored in another dtype than the same module of most layers: ${nameList(shown)}.`;
  return [{ severity: 'info', code: 'dtype-outlier', message, tensor: first.name, file }];
}

/** The tensors of each module kind across the layers of a stack. */
function modulesOf(tensors: readonly TensorListing[]): (readonly TensorListing[])[] {
  const modules = new Map<string, TensorListing[]>();
  for (const tensor of tensors) {
    const { layer, layerIndex, module } = parseTensorName(tensor.name);
    if (layerIndex === null) continue;
    const key = `${layer.slice(0, layer.lastIndexOf('.'))} ${module}`;
    const members = modules.get(key);
    if (members === undefined) modules.set(key, [tensor]);
    else members.push(tensor);
  }
  return [...modules.values()];
}

function minorityOf(members: readonly TensorListing[]): readonly TensorListing[] {
  if (members.length < fewestLayers) return [];
  const counts = new Map<string, number>();
  for (const { dtype } of members) counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  const most = [...counts].find(([, number]) => number * 2 > members.length);
  return most === undefined ? [] : members.filter(({ dtype }) => dtype !== most[0]);
}

/** Plainly stored tensors whose values are not read. */
export function checkListed(file: string, tensors: readonly Tensor[]): Finding[] {
  const listed = tensors.filter(({ dtype }) => !isReadable(dtype));
  const [first] = listed;
  if (first === undefined) return [];
  const names = [...new Set(listed.map(({ dtype }) => dtype))].join(', ');
  const message = `${plural(listed.length, 'tensor')} of dtype ${names}: named and sized, their values are not read.`;
  return [{ severity: 'info', code: 'dtype-listed-only', message, tensor: first.name, file }];
}
