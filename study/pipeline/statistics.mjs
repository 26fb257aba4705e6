/** Numbers over seeds and pairs. */

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation with n − 1; NaN for a single value. */
export function deviation(values) {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** `mean ± standard deviation` over seeds; a dash where a seed has no value. */
export function spread(values, digits = 3, scale = 1) {
  if (values.some((value) => value === null || value === undefined)) return '–';
  const scaled = values.map((value) => Number(value) * scale);
  const text = (value) => value.toFixed(digits).replace('-', '−');
  return values.length === 1 ? text(scaled[0]) : `${text(mean(scaled))} ± ${text(deviation(scaled))}`;
}

/** Ranks from 0, ties at their mean. */
function ranks(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}

/** Spearman's rank correlation of two lists of the same length. */
export function rankCorrelation(a, b) {
  const [x, y] = [ranks(a), ranks(b)];
  const centred = (values) => values.map((value) => value - mean(values));
  const [dx, dy] = [centred(x), centred(y)];
  const dot = (u, v) => u.reduce((sum, value, index) => sum + value * v[index], 0);
  return dot(dx, dy) / Math.sqrt(dot(dx, dx) * dot(dy, dy));
}
