/** Milliseconds that `action` takes. */
export async function milliseconds(action: () => unknown): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/**
 * The least of what up to eight calls of `measure` return, in order not to blame the code for other processes' work: it ends with the first value below
 * `limit`.
 */
export async function leastBelow(limit: number, measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let run = 0; run < 8 && least >= limit; run++) least = Math.min(least, await measure());
  return least;
}
