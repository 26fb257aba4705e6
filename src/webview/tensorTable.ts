import { tensorStatuses, type LayerDiff, type TensorDiff } from '../compare/report/index.js';
import type { TensorTable } from './messages.js';
import { sparklinesOf } from './model/sparkline.js';

/** Gives each distinct label a number, in order of first appearance. */
class LabelIndex {
  readonly labels: string[] = [];
  private readonly numbers = new Map<string, number>();

  numberOf(label: string): number {
    const known = this.numbers.get(label);
    if (known !== undefined) return known;
    this.numbers.set(label, this.labels.length);
    return this.labels.push(label) - 1;
  }
}

function change(a: string | null, b: string | null): string {
  if (a === null || b === null || a === b) return a ?? b ?? '';
  return `${a} → ${b}`;
}

function shapeLabel(shape: readonly number[] | null): string | null {
  if (shape === null) return null;
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}

function column(tensors: readonly TensorDiff[], value: (tensor: TensorDiff) => number | null): Float64Array {
  const values = new Float64Array(tensors.length);
  tensors.forEach((tensor, row) => (values[row] = value(tensor) ?? NaN));
  return values;
}

function elementCount({ shapeA, shapeB }: TensorDiff): number {
  return (shapeA ?? shapeB ?? []).reduce((product, size) => product * size, 1);
}

function localName({ name, layer }: TensorDiff): string {
  return layer !== '' && name.startsWith(`${layer}.`) ? name.slice(layer.length + 1) : name;
}

function nonFinite({ nonFiniteA, nonFiniteB }: TensorDiff): number | null {
  return nonFiniteA === null && nonFiniteB === null ? null : (nonFiniteA ?? 0) + (nonFiniteB ?? 0);
}

/** The tensors of a report in columns. `layers` are the report's, in the order that the `layer` column refers to. */
export function toTensorTable(tensors: readonly TensorDiff[], layers: readonly LayerDiff[]): TensorTable {
  const layerNumbers = new Map(layers.map(({ key }, index) => [key, index]));
  const modules = new LabelIndex();
  const dtypes = new LabelIndex();
  const shapes = new LabelIndex();
  const localNames = new LabelIndex();
  const matches = new LabelIndex();
  return {
    length: tensors.length,
    names: tensors.map(({ name, nameB }) => change(name, nameB)),
    localName: Uint32Array.from(tensors, (tensor) => localNames.numberOf(localName(tensor))),
    localNames: localNames.labels,
    status: Uint8Array.from(tensors, ({ status }) => tensorStatuses.indexOf(status)),
    layer: Uint32Array.from(tensors, ({ layer }) => layerNumbers.get(layer) ?? 0),
    module: Uint32Array.from(tensors, ({ module }) => modules.numberOf(module)),
    moduleNames: modules.labels,
    dtype: Uint32Array.from(tensors, ({ dtypeA, dtypeB, schemeA, schemeB }) =>
      dtypes.numberOf(change(schemeA ?? dtypeA, schemeB ?? dtypeB)),
    ),
    dtypeLabels: dtypes.labels,
    match: Uint32Array.from(tensors, ({ matchedBy }) => matches.numberOf(matchedBy ?? '')),
    matchLabels: matches.labels,
    shape: Uint32Array.from(tensors, ({ shapeA, shapeB }) => shapes.numberOf(change(shapeLabel(shapeA), shapeLabel(shapeB)))),
    shapeLabels: shapes.labels,
    elementCount: column(tensors, elementCount),
    normA: column(tensors, (tensor) => tensor.normA),
    normB: column(tensors, (tensor) => tensor.normB),
    normDelta: column(tensors, (tensor) => tensor.normDelta),
    relativeChange: column(tensors, (tensor) => tensor.relativeChange),
    cosine: column(tensors, (tensor) => tensor.cosine),
    maxAbsDelta: column(tensors, (tensor) => tensor.maxAbsDelta),
    changedCount: column(tensors, (tensor) => tensor.changedCount),
    comparedCount: column(tensors, (tensor) => tensor.comparedCount),
    signFlips: column(tensors, (tensor) => tensor.signFlips),
    nonFinite: column(tensors, nonFinite),
    sparklines: sparklinesOf(tensors),
  };
}
