import { basename, join, resolve } from 'node:path';
import { CompanionReader, hubNameOf, type Finding, type Shard } from '../../checkpoint/index.js';
import {
  additiveChange,
  applyAdapter,
  adapterTitle,
  MisfitError,
  readAdapterParts,
  type AdapterSettings,
} from '../../model/adapters/index.js';
import { adaptedBaseOf, openModel, type Model } from '../../model/index.js';
import { outputRefusals } from '../plan/checkOutput.js';
import { adapterProblem } from '../plan/takeAdapters.js';
import { applyDelta } from '../combination.js';
import { adapterSettingsFor } from './adapterSettings.js';

/** What a user decides about an adapter that is written for another base. */
export interface AdapterRequest {
  /** Address of the adapter. */
  readonly finetuned: string;
  /** Address of the model that it is for from now on. */
  readonly target: string;
  /** Of ΔW. */
  readonly scale: number;
  /** Folder to be made. */
  readonly output: string;
}

/** Everything about an adapter for another base, decided before anything is written. */
export interface AdapterPlan {
  readonly request: AdapterRequest;
  readonly output: string;
  /** `LoRA adapter (PEFT) of rank 8`. */
  readonly title: string;
  /** What the new settings call the base. */
  readonly baseName: string;
  /** Weights of the target that it changes: all of them are there, and of the right shape. */
  readonly weightCount: number;
  /** The factors, which are copied as they are. */
  readonly source: Pick<Shard, 'path' | 'byteLength' | 'modifiedAt'>;
  readonly fileName: string;
  /** Text of the new `adapter_config.json`. */
  readonly settings: string;
  readonly refusals: readonly Finding[];
}

/** Names under which libraries look for the factors. */
const fileNames = { peft: 'adapter_model.safetensors', mlx: 'adapters.safetensors' } as const;

/**
 * Plans an adapter for another base: the same factors, and settings that name the new base. Only for what is a plain sum, and only where
 * the target has every weight that is changed. Nothing but headers and settings is read.
 * @throws FormatError, FileAccessError when a model cannot be opened; the signal's reason when aborted
 */
export async function planAdapter(request: AdapterRequest, signal?: AbortSignal): Promise<AdapterPlan> {
  const companions = new CompanionReader(signal);
  const [model, target] = [await openModel(request.finetuned, signal, companions), await openModel(request.target, signal, companions)];
  const { adapter, shards } = model;
  const output = resolve(request.output);
  const baseName = hubNameOf(target.path) ?? target.path;
  const { weightCount, refusals } = judge(model, target, request.scale);
  const places = [
    ...(await outputRefusals({ output, overwrite: false, resume: false }, [planned('finetuned', model), planned('target', target)])),
  ];
  const settings =
    adapter === null
      ? ''
      : adapterSettingsFor(adapter, await companions.text(join(model.folder, 'adapter_config.json')), baseName, request.scale);
  const source = shards[0]!;
  const fileName = adapter === null || adapter.format === 'other' ? basename(source.path) : fileNames[adapter.format];
  const title = adapter === null ? 'no adapter' : adapterTitle(adapter);
  return { request, output, title, baseName, weightCount, source, fileName, settings, refusals: [...refusals, ...places] };
}

function planned(role: string, { path, name, shards }: Model) {
  return { role, path, name, shards: shards.map((shard) => ({ ...shard, headerSha256: '' })) };
}

interface Judgement {
  readonly weightCount: number;
  readonly refusals: readonly Finding[];
}

function judge(model: Model, target: Model, scale: number): Judgement {
  const refuse = (code: string, message: string): Judgement => ({
    weightCount: 0,
    refusals: [{ severity: 'error', code, message, file: model.path }],
  });
  const { adapter } = model;
  if (adapter === null)
    return refuse('not-an-adapter', `${model.path} is no adapter, so it cannot be written as one. Leave --as out to write a model.`);
  if (target.adapter !== null)
    return refuse('is-an-adapter', adapterProblem({ role: 'target', checkpoint: target }, applyDelta('target', 'finetuned')));
  const file = fileProblem(model);
  if (file !== null) return refuse('adapter-file', file);
  return fit(model, adapter, target, scale, refuse);
}

function fit(
  model: Model,
  adapter: AdapterSettings,
  target: Model,
  scale: number,
  refuse: (code: string, message: string) => Judgement,
): Judgement {
  const base = adaptedBaseOf(target);
  try {
    if (additiveChange(model.parameters, adapter, base).kind !== 'change')
      return refuse('is-an-adapter', adapterProblem({ role: 'finetuned', checkpoint: model }, applyDelta('target', 'finetuned')));
    const parts = readAdapterParts(model.parameters, adapter);
    if (parts.kind === 'obstacle') return refuse('is-an-adapter', parts.reason);
    const { changed, prefixMap } = applyAdapter(base, parts, scale);
    const [rule] = prefixMap;
    if (rule === undefined) return { weightCount: changed, refusals: [] };
    const message = `The names of ${target.path} differ from those of the adapter ("${rule.to}" for "${rule.from}"), so libraries would not find its modules. Write a model instead, or load the part of the target that it is for.`;
    return refuse('adapter-names', message);
  } catch (error) {
    if (!(error instanceof MisfitError)) throw error;
    return refuse('adapter-does-not-fit', `The adapter does not fit ${target.path}: ${error.message}.`);
  }
}

function fileProblem({ path, shards }: Model): string | null {
  const [shard, ...others] = shards;
  if (others.length > 0)
    return `${path} lies in ${shards.length} files, and libraries look for one. Save it again with the library that trained it.`;
  return shard!.path.endsWith('.safetensors')
    ? null
    : `${shard!.path} is no safetensors file. Save it as one with peft first: save_pretrained(OUT).`;
}
