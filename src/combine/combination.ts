/**
 * An affine combination of checkpoints, θ = Σ cᵢ·Mᵢ, in the form in which it is computed: steps added up in order,
 * each a scaled checkpoint or a scaled difference of two. Keeping differences together is what makes a transfer exact:
 * `target + λ·(finetuned − base)` is computed as written, in float64, and rounded once.
 */

/** One step: `scale · (plus − minus)`, or `scale · plus` where `minus` is null. Names are roles of the inputs. */
export interface CombinationStep {
  readonly scale: number;
  readonly plus: string;
  readonly minus: string | null;
}

export interface Combination {
  /** Added up from first to last. At least one. */
  readonly steps: readonly CombinationStep[];
}

/** `finetuned − base`. */
export function diffVector(finetuned: string, base: string): Combination {
  return { steps: [{ scale: 1, plus: finetuned, minus: base }] };
}

/** `target + λ·(finetuned − base)` (Lin et al. 2025, §2). */
export function transfer(target: string, finetuned: string, base: string, scale = 1): Combination {
  return {
    steps: [
      { scale: 1, plus: target, minus: null },
      { scale, plus: finetuned, minus: base },
    ],
  };
}

/** `target + λ·delta`, with a saved diff vector. */
export function applyDelta(target: string, delta: string, scale = 1): Combination {
  return {
    steps: [
      { scale: 1, plus: target, minus: null },
      { scale, plus: delta, minus: null },
    ],
  };
}

/** `(1 − α)·a + α·b`, computed as `a + α·(b − a)`, which gives a at α = 0 and, up to rounding, b at α = 1. */
export function interpolation(a: string, b: string, alpha: number): Combination {
  return transfer(a, b, a, alpha);
}

/** The names of all inputs, in order of first appearance. */
export function inputsOf({ steps }: Combination): string[] {
  return [...new Set(steps.flatMap(({ plus, minus }) => (minus === null ? [plus] : [plus, minus])))];
}
