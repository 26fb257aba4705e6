/** A line of norms as an SVG path that fills a box of `width × height`: the larger the norm, the higher. */
export function profilePath(norms: readonly number[], width: number, height: number): string {
  const largest = largestOf(norms);
  if (norms.length === 0 || largest === 0) return '';
  const step = width / norms.length;
  const points = norms.map((norm, index) => {
    const y = (height * (1 - norm / largest)).toFixed(2);
    return `L${(index * step).toFixed(2)} ${y}L${((index + 1) * step).toFixed(2)} ${y}`;
  });
  return `M0 ${height}${points.join('')}L${width} ${height}Z`;
}

export function largestOf(norms: readonly number[]): number {
  return norms.reduce((largest, norm) => Math.max(largest, norm), 0);
}

/** Index of the largest norm; −1 for none. */
export function indexOfLargest(norms: readonly number[]): number {
  return norms.indexOf(largestOf(norms));
}

/** `rows 96–103`, or `row 7` where nothing was down-sampled. */
export function entryLabel(kind: 'row' | 'column', entry: number, perEntry: number, count: number): string {
  const first = entry * perEntry;
  const last = Math.min(count, first + perEntry) - 1;
  return last <= first ? `${kind} ${first}` : `${kind}s ${first}–${last}`;
}
