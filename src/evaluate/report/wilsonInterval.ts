/** Standard deviations of a normal distribution that hold 95 % of it. */
const deviations = 1.959963984540054;

/**
 * The 95 % score interval of a proportion (Wilson 1927, JASA 22, 209–212): of `count` independent trials with this share of
 * successes. Unlike ± a standard error it stays within 0 and 1, and has a width where all trials went the same way.
 * @returns NaN at both ends where the share is NaN or nothing was tried
 */
export function wilsonInterval(share: number, count: number): readonly [low: number, high: number] {
  if (count === 0) return [NaN, NaN];
  const squared = deviations ** 2;
  const centre = (share + squared / (2 * count)) / (1 + squared / count);
  const half = (deviations / (1 + squared / count)) * Math.sqrt((share * (1 - share)) / count + squared / (4 * count ** 2));
  return [share === 0 ? 0 : centre - half, share === 1 ? 1 : centre + half]; // rounding would miss these by 1e-17
}
