import { basename } from 'node:path';
import { plural } from '../base/format.js';
import { nameList } from '../base/nameList.js';
import { FormatError } from '../base/formatError.js';
import { addressOfSum, titleOf, type Finding, type Tensor } from '../checkpoint/index.js';
import {
  adapterTitle,
  applyAdapter,
  changesItsBase,
  mergeRemedy,
  MisfitError,
  readAdapterParts,
  type AdaptedBase,
  type AdapterSettings,
  type AppliedAdapter,
} from './adapters/index.js';
import type { Model } from './model.js';
import type { Parameter } from './parameters/index.js';
import { mapTensors } from './recipe/index.js';

/** An adapter that is applied, and the factor of its ΔW. */
export interface AdapterTerm {
  readonly model: Model;
  readonly scale: number;
}

/**
 * A base with adapters applied in order, as one model: the base's settings, vocabulary and files; weights that an adapter changes are
 * computed of both. Nothing is read.
 * @throws FormatError when an adapter is none, is of a kind that is not applied, or does not fit the base
 */
export function sumOfModels(base: Model, terms: readonly AdapterTerm[]): Model {
  requireBase(base);
  let sum = base;
  for (const term of terms) sum = withAdapter(sum, base, term);
  return sum;
}

/** Architectures whose experts lie as `[experts, in, out]`. Source: `is_transposed` in transformers 5.24. */
const transposedExperts: ReadonlySet<string> = new Set(['gpt_oss', 'aria', 'aria_text', 'openai_privacy_filter']);

function withAdapter(sum: Model, base: Model, { model, scale }: AdapterTerm): Model {
  const { path, adapter } = model;
  if (adapter === null) throw notAnAdapter(path);
  if (changesItsBase(adapter)) throw ofChangedBase(path, adapter);
  const moved = moveBehind(model, sum.shards.length);
  const parts = readAdapterParts(moved.parameters, adapter);
  if (parts.kind === 'obstacle')
    throw new FormatError({
      file: path,
      problem: `this ${adapterTitle(adapter)} cannot be applied: ${parts.reason}`,
      remedy: mergeRemedy(adapter),
    });
  const applied = fitting(base, model, () => applyAdapter(adaptedBaseOf(sum), parts, scale));
  return {
    ...sum,
    path: addressOfSum({ base: sum.path, adapters: [{ address: path, scale }] }),
    name: titleOf(addressOfSum({ base: sum.path, adapters: [{ address: path, scale }] })),
    shards: [...sum.shards, ...model.shards],
    tensors: [...sum.tensors, ...moved.tensors],
    scattered: [...sum.scattered, ...model.scattered],
    parameters: applied.parameters,
    findings: [...sum.findings, ...model.findings, ...findingsOf(base, model, scale, applied)],
  };
}

/** What of a model an adapter meets. */
export function adaptedBaseOf(sum: Model): AdaptedBase {
  const type = sum.settings?.textModelType ?? sum.config?.modelType ?? '';
  const stores = sum.parameters.some(({ name }) => /(?:^|\.)(?:lm_head|embed_out)\.weight$/.test(name));
  return {
    parameters: sum.parameters,
    transposesExperts: transposedExperts.has(type) ? true : null,
    tiesHead: !stores && sum.config?.tiedEmbeddings !== false,
  };
}

function fitting(base: Model, { path, adapter }: Model, apply: () => AppliedAdapter): AppliedAdapter {
  try {
    return apply();
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    const made = adapter!.baseModel === null ? '' : `It was made for ${adapter!.baseModel}. `;
    throw new FormatError({
      file: path,
      problem: `this ${adapterTitle(adapter!)} does not fit ${base.path}: ${error.message}`,
      remedy: `${made}Give the base that it was trained on.`,
    });
  }
}

function requireBase({ path, adapter }: Model): void {
  if (adapter === null) return;
  throw new FormatError({
    file: path,
    problem: `this ${adapterTitle(adapter)} stands where a base is expected`,
    expected: 'BASE+ADAPTER',
    remedy: 'Name the base first, then its adapters.',
  });
}

function notAnAdapter(file: string): FormatError {
  return new FormatError({
    file,
    problem: 'no adapter, although it follows a plus',
    expected: 'BASE+ADAPTER, where ADAPTER is a folder with adapter_config.json and the weights of an adapter of PEFT or MLX',
    remedy: 'Models are combined by a formula: model-rebase combine "1.0 * A + 1.0 * B".',
  });
}

function ofChangedBase(file: string, adapter: AdapterSettings): FormatError {
  return new FormatError({
    file,
    problem: `this ${adapterTitle(adapter)} cannot be applied: its initialisation (${String(adapter.initialisation)}) moved a part of the base into its factors, so that it belongs to a changed base`,
    remedy:
      'Convert it in peft, save_pretrained(OUT, path_initial_model_for_weight_conversion=INITIAL), where INITIAL is the adapter before training, or merge it there.',
  });
}

/** An adapter whose tensors lie in shards behind others. */
function moveBehind(model: Model, count: number): Pick<Model, 'parameters' | 'tensors'> {
  const move = (tensor: Tensor): Tensor => ({ ...tensor, shard: tensor.shard + count });
  const parameters = model.parameters.map((parameter) => moveParameter(parameter, move));
  return { parameters, tensors: model.tensors.map(move) };
}

function moveParameter(parameter: Parameter, move: (tensor: Tensor) => Tensor): Parameter {
  const { storage } = parameter;
  if (storage.kind !== 'codes') return { ...parameter, storage: mapTensors(storage, move) };
  const parts = Object.fromEntries(Object.entries(storage.parts).map(([part, tensor]) => [part, move(tensor)]));
  return { ...parameter, storage: { ...storage, parts, recipe: storage.recipe && mapTensors(storage.recipe, move) } };
}

function findingsOf(base: Model, { path, name, adapter }: Model, scale: number, applied: AppliedAdapter): Finding[] {
  const { changed, replaced, added, prefixMap } = applied;
  const done = [
    ...(changed > 0 ? [`changes ${plural(changed, 'weight')}`] : []),
    ...(replaced > 0 ? [`replaces ${plural(replaced, 'weight')}`] : []),
    ...(added.length > 0 ? [`adds ${nameList(added)}, which the base does not have`] : []),
  ].join(' and ');
  const factor = scale === 1 ? '' : ` Its ΔW is taken ${scale} times.`;
  const mapped = prefixMap.map(({ from, to }) => `"${from}" for "${to}"`).join(', ');
  const rules = mapped === '' ? '' : ` Its names are matched with ${mapped}.`;
  const message = `${name}, a ${adapterTitle(adapter!)}, ${done}.${factor}${rules}`;
  return [{ severity: 'info', code: 'adapter-applied', message, file: path }, ...otherBaseFinding(base, path, adapter!.baseModel)];
}

/** Shapes tell what an adapter fits, not what it was trained on. */
function otherBaseFinding(base: Model, file: string, meant: string | null): Finding[] {
  if (meant === null || isNamed(base, meant)) return [];
  const message = `The adapter was made for ${meant}; whether ${base.path} is that model cannot be told from its name. Its shapes fit.`;
  return [{ severity: 'warning', code: 'adapter-of-other-base', message, file }];
}

function isNamed({ path, folder, name }: Model, meant: string): boolean {
  const last = (text: string): string => basename(text.replace(/[/\\]+$/, '')).toLowerCase();
  return [path, folder, name, name.replace(/@.*$/, '')].some((known) => known === meant || last(known) === last(meant));
}
