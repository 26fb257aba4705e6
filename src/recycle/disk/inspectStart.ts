import type { DeltaInUse, Release } from '../file/lineage.js';
import type { LineageFile } from '../file/lineageFile.js';
import { startOf, type RoundStart } from '../rounds/nextRound.js';
import { staleness, wasMadeOf, whyNotStart } from './checkStart.js';
import { modelNames } from '../report/modelNames.js';
import { inspectModel, type LookOptions, type ModelOnDisk, type ModelsOnDisk } from './inspectModel.js';

/** The checkpoint that a round starts from, as it is on the disk. */
export interface StartOnDisk {
  readonly model: ModelOnDisk | null;
  /** What it carries; null when that is unknown. */
  readonly delta: DeltaInUse | null;
  /** Whether the round can start from it. */
  readonly isUsable: boolean;
  /** Why it cannot, as a sentence; null when it can, or when there is none. */
  readonly problem: string | null;
}

const none: StartOnDisk = { model: null, delta: null, isUsable: false, problem: null };

/** The models that the start of a round is computed from. */
export interface StartSources {
  readonly target: ModelOnDisk;
  readonly finetuned: ModelOnDisk;
  readonly base: ModelOnDisk;
}

/** Null when one of them is not there. */
export function startSources(
  start: RoundStart,
  target: ModelOnDisk | undefined,
  source: { readonly models: ModelsOnDisk } | undefined,
): StartSources | null {
  if (start.kind === 'base') return null;
  const [finetuned, base] = [source?.models[start.of], source?.models.base];
  return target && finetuned && base ? { target, finetuned, base } : null;
}

/** Looks at the start of a round: whether it is there, whole, and made of what the lineage says. */
export async function inspectStart(
  { path: file, lineage }: Pick<LineageFile, 'path' | 'lineage'>,
  index: number,
  release: Release,
  sourcesOf: (start: RoundStart) => StartSources | null,
  options: LookOptions,
): Promise<StartOnDisk> {
  if (release.start === null) return none;
  const model = await inspectModel(file, release, 'start', release.start, options);
  if (model.fingerprint === null) return none; // it can be made again, and is of no use any more once the round is trained
  const start = startOf(lineage, index);
  if (start.kind === 'base') return { model, delta: release.delta, isUsable: false, problem: null };
  const judged = await judge(model, release, start, sourcesOf(start));
  return { ...judged, model, isUsable: judged.problem === null };
}

type RecycledStart = Extract<RoundStart, { kind: 'recycled' }>;

async function judge(
  model: ModelOnDisk,
  release: Release,
  start: RecycledStart,
  sources: StartSources | null,
): Promise<Pick<StartOnDisk, 'delta' | 'problem'>> {
  const { delta } = release;
  const describe = (clause: string): string => `${release.name}, ${modelNames.start}: ${model.path}: ${clause}. ${remedy}`;
  if (model.problem !== null) return { delta, problem: model.problem };
  const flaw = await whyNotStart(model.path);
  if (flaw !== null) return { delta, problem: describe(flaw) };
  if (sources === null) return { delta, problem: null };
  if (delta === null) return adopt(model, start, sources, describe);
  if (delta.release !== start.source.name || delta.of !== start.of)
    return { delta, problem: describe(`it is ${delta.formula}, but the lineage asks for ${start.formula}`) };
  const stale = staleness(delta, identitiesOf(sources));
  return { delta, problem: stale === null ? null : describe(stale) };
}

const remedy = 'Make it again with "model-rebase recycle next FILE --prepare --overwrite".';

/** A start of which the file does not know, because the program was killed before it could write so. */
async function adopt(
  model: ModelOnDisk,
  start: RecycledStart,
  sources: StartSources,
  describe: (clause: string) => string,
): Promise<Pick<StartOnDisk, 'delta' | 'problem'>> {
  const { target, finetuned, base } = sources;
  if (await wasMadeOf(model.path, { target: target.path, finetuned: finetuned.path, base: base.path }))
    return { delta: deltaInUse(start, sources), problem: null };
  return { delta: null, problem: describe(`it was not made of the models of ${start.formula} as they are now`) };
}

/** What the lineage records of a start. */
export function deltaInUse({ formula, source, of }: RecycledStart, sources: StartSources): DeltaInUse {
  return { formula, release: source.name, of, madeOf: identitiesOf(sources) };
}

function identitiesOf({ target, finetuned, base }: StartSources): DeltaInUse['madeOf'] {
  return { target: target.identity, finetuned: finetuned.identity, base: base.identity };
}
