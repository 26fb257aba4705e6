import type { FineTune } from '../disk/roundPaths.js';
import type { Lineage, Release } from '../file/lineage.js';

/** What a round starts from: the release's base as it is, or with the diff vector of an earlier release added. */
export type RoundStart =
  | { readonly kind: 'base' }
  | {
      readonly kind: 'recycled';
      readonly source: Release;
      /** Which fine-tune of `source` the diff vector comes from. */
      readonly of: FineTune;
      readonly formula: string;
    };

/** A fine-tune that is to be made. */
export interface Round {
  readonly release: Release;
  readonly fineTune: FineTune;
  readonly start: RoundStart;
}

export type NextRound =
  | { readonly kind: 'round'; readonly round: Round }
  /** Every release has its fine-tuned version; the sentence says what would make another round. */
  | { readonly kind: 'complete'; readonly sentence: string };

/**
 * The round that is due: that of the first release without a fine-tuned version (Lin et al. 2025, Algorithm 1). For Δ^dir
 * the previous base has to be fine-tuned plainly before.
 */
export function nextRound(lineage: Lineage): NextRound {
  const { releases } = lineage;
  const index = releases.findIndex(({ finetuned }) => finetuned === null);
  if (index >= 0) return { kind: 'round', round: dueRound(lineage, index) };
  const sentence =
    releases.length === 0
      ? 'The lineage has no release yet. Add one with "model-rebase recycle add".'
      : 'Every release is fine-tuned. When a new base is released, add it with "model-rebase recycle add".';
  return { kind: 'complete', sentence };
}

function dueRound(lineage: Lineage, index: number): Round {
  const source = lineage.releases[index - 1];
  const isPlainDue = lineage.strategy === 'direct' && index >= 2 && source?.plain === null;
  if (isPlainDue) return { release: source, fineTune: 'plain', start: { kind: 'base' } };
  return { release: lineage.releases[index]!, fineTune: 'finetuned', start: startOf(lineage, index) };
}

/** What the round of a release starts from. */
export function startOf({ strategy, releases }: Lineage, index: number): RoundStart {
  const source = releases[index - 1];
  if (source === undefined || strategy === 'plain') return { kind: 'base' };
  const of = strategy === 'direct' && index >= 2 ? 'plain' : 'finetuned';
  const name = releases[index]!.name;
  return { kind: 'recycled', source, of, formula: `base(${name}) + (${of}(${source.name}) − base(${source.name}))` };
}

/** The first release whose base has no plain fine-tune: a round made only for comparison. */
export function nextPlainRound({ releases }: Lineage): NextRound {
  const release = releases.slice(1).find(({ plain }) => plain === null);
  if (release !== undefined) return { kind: 'round', round: { release, fineTune: 'plain', start: { kind: 'base' } } };
  return { kind: 'complete', sentence: 'Every base has a plain fine-tune: that of the first release is its fine-tuned version.' };
}

/** The path of a release's model that a diff vector comes from. @throws Error when it is not there yet */
export function fineTunePath({ name, finetuned, plain }: Release, of: FineTune): string {
  const path = of === 'plain' ? plain : finetuned;
  if (path !== null) return path;
  throw new Error(`Release "${name}" has no ${of === 'plain' ? 'plain fine-tune' : 'fine-tuned version'} yet. Run its round first.`);
}
