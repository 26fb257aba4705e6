/** Equal bins between −span and span. */
export const spreadBins = 96;

/** How far from 0 the bins reach. */
export interface SpreadSpans {
  /** Of Δ = B − A. */
  readonly delta: number;
  /** Of the values of A and of B. */
  readonly values: number;
}

/** `spreadBins + 2` counts each: what lies below −span, the bins, what lies above span. Exact zeros of Δ are in none. */
export interface SpreadCounts {
  readonly delta: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** Counts values at positions where both are finite. @param a values of A @param b values of B at the same positions */
export function countSpread(a: Float64Array, b: Float64Array, spans: SpreadSpans): SpreadCounts {
  const counts = emptySpread();
  for (let i = 0; i < a.length; i++) {
    const delta = b[i]! - a[i]!;
    if (!Number.isFinite(delta)) continue;
    if (delta !== 0) counts.delta[binOf(delta, spans.delta)]! += 1;
    counts.a[binOf(a[i]!, spans.values)]! += 1;
    counts.b[binOf(b[i]!, spans.values)]! += 1;
  }
  return counts;
}

export function emptySpread(): SpreadCounts {
  const length = spreadBins + 2;
  return { delta: new Float64Array(length), a: new Float64Array(length), b: new Float64Array(length) };
}

function binOf(value: number, span: number): number {
  if (value < -span) return 0;
  if (value > span) return spreadBins + 1;
  return 1 + Math.min(spreadBins - 1, Math.floor(((value + span) / (2 * span)) * spreadBins));
}
