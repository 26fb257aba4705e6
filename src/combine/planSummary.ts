import type { Combination } from './combination.js';
import { formatScale } from './formatCombination.js';
import type { PlannedTensor, RoundingReport, TensorAction, VocabularyPlan } from './plan.js';
import type { CombineRequest } from './request.js';
import type { LayerRounding } from './run/rounding.js';
import { layerLabel } from '../model/names/index.js';
import { formatCount, formatShare, plural } from '../base/format.js';
import { inNaturalOrder } from '../base/naturalOrder.js';

/** Tensors that are treated alike, for the same reason. */
export interface TensorGroup {
  readonly action: TensorAction;
  readonly reason: string;
  readonly names: readonly string[];
}

const outsideLayers = layerLabel('');

const order: readonly TensorAction[] = ['combined', 'grown', 'copied', 'skipped'];

type TreatedTensor = Pick<PlannedTensor, 'name' | 'action' | 'reason' | 'scales'>;

/** What a plan and a manifest both say of their tensors. */
interface Treatment {
  readonly request: Pick<CombineRequest, 'scales'>;
  readonly combination: Combination;
  readonly tensors: readonly TreatedTensor[];
}

/** The tensors of a plan, or of a manifest, by what happens to them, in natural order. A scale that is not the formula's counts as a reason. */
export function groupTensors(plan: Treatment): TensorGroup[] {
  const groups = new Map<string, { action: TensorAction; reason: string; names: string[] }>();
  for (const tensor of inNaturalOrder(plan.tensors, ({ name }) => name)) {
    const reason = reasonOf(tensor, plan);
    const group = groups.get(`${tensor.action}\0${reason}`) ?? { action: tensor.action, reason, names: [] };
    groups.set(`${tensor.action}\0${reason}`, group);
    group.names.push(tensor.name);
  }
  return [...groups.values()].sort((a, b) => order.indexOf(a.action) - order.indexOf(b.action));
}

function reasonOf({ action, reason, scales }: TreatedTensor, { request, combination }: Treatment): string {
  const isPatterned = request.scales.some(({ pattern }) => pattern !== null) && (action === 'combined' || action === 'grown');
  const scale = isPatterned ? [`scale ${formatScale(scales[combination.steps.length - 1]!)}`] : [];
  return [...scale, ...(reason === '' ? [] : [reason])].join(', ');
}

/** What happens to the rows of the vocabulary, in sentences. */
export function describeVocabulary(vocabulary: VocabularyPlan): string[] {
  const {
    rule,
    reason,
    rowCount,
    templateRowCount,
    shared,
    addedFromFinetuned,
    onlyTarget,
    withoutDifference,
    unnamed = 0,
    padding,
  } = vocabulary;
  if (rule === 'same') return [reason];
  const rows = [
    `${plural(shared, 'row')} combined`,
    ...some(addedFromFinetuned, 'added'),
    ...some(onlyTarget + withoutDifference, 'kept from the target'),
    ...some(unnamed, 'without a token carried by index'),
    ...some(padding, 'of padding'),
  ];
  const size =
    rowCount === templateRowCount
      ? `${plural(rowCount, 'row')} as before`
      : `${plural(templateRowCount, 'row')} become ${formatCount(rowCount)}`;
  return [
    reason,
    `${size}: ${rows.join(', ')}.`,
    ...names('Added', vocabulary.addedTokens, addedFromFinetuned),
    ...names("Only the target's", vocabulary.onlyTargetTokens, onlyTarget),
  ];
}

function some(count: number, what: string): string[] {
  return count === 0 ? [] : [`${formatCount(count)} ${what}`];
}

const mostNames = 12;

function names(title: string, tokens: readonly string[], count: number): string[] {
  if (tokens.length === 0) return [];
  const shown = tokens.slice(0, mostNames).map((token) => JSON.stringify(token));
  const rest = count - shown.length;
  return [`${title}: ${shown.join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}.`];
}

/** Share of the change that rounding to the storage type cost, as ‖stored − exact‖ / ‖Δ‖. Null when nothing changed. */
export function lostShare({ normLost, normDelta }: RoundingReport): number | null {
  return normDelta > 0 ? normLost / normDelta : null;
}

/** Layers in the order of their numbers, after what lies outside the layers. */
export function inLayerOrder(layers: readonly LayerRounding[]): LayerRounding[] {
  return inNaturalOrder(layers, ({ layer }) => (layer === outsideLayers ? '' : layer));
}

/** Layers of which rounding lost a part of the change, the largest part first. */
export function byLostShare(layers: readonly LayerRounding[]): LayerRounding[] {
  const share = (layer: LayerRounding): number => lostShare(layer) ?? 0;
  return inLayerOrder(layers)
    .filter((layer) => share(layer) > 0)
    .sort((a, b) => share(b) - share(a));
}

/** `3.1% of the change was lost to rounding; 1,234 of 56,789 changed weights did not move.` */
export function describeRounding(rounding: RoundingReport): string {
  const { changedCount, unmovedCount } = rounding;
  if (changedCount === 0) return 'No weight was to change.';
  const still =
    unmovedCount === 0
      ? 'every weight that was to change moved'
      : `${formatCount(unmovedCount)} of ${plural(changedCount, 'weight')} that were to change did not move`;
  return `${formatShare(lostShare(rounding))} of the change was lost to rounding; ${still}.`;
}
