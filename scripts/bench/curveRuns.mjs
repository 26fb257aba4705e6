/** What is checked of the runs of a curve, and derived from them. */

/** Greatest difference of losses, in nats per token: PyTorch may score in bfloat16, the two others do the same arithmetic. */
const tolerance = { alone: 1e-6, python: 2e-3 };

/** @throws Error when the ways to a curve disagree: then they are not the same work */
export function requireSameLosses(points, { alone, product, python }) {
  const losses = points === 1 ? [product.result.candidates[0].scores[0].loss] : product.result.points.map(({ loss }) => loss);
  if (losses.length !== points) throw new Error(`Expected ${points} points, found ${losses.length}.`);
  if (points % 2 === 1) requireNear('the forward passes alone', [alone.result.loss], [losses[(points - 1) / 2]], tolerance.alone);
  if (python)
    requireNear(
      'PyTorch',
      python.result.points.map(({ loss }) => loss),
      losses,
      tolerance.python,
    );
}

function requireNear(who, found, expected, most) {
  for (const [i, loss] of found.entries())
    if (!(Math.abs(loss - expected[i]) <= most)) throw new Error(`Loss ${i}: the curve has ${expected[i]}, ${who} ${loss}.`);
}

/** Fills in the usual way's time where it was not measured: every further point costs what those between two measured ones did. */
export function extrapolate(round) {
  const known = [...round].filter(([, { python }]) => python !== null);
  const [[first, from], [last, to]] = known.length < 2 ? [[], []] : [known[0], known.at(-1)];
  return new Map(
    [...round].map(([points, run]) => {
      if (run.python !== null || known.length < 2) return [points, { ...run, extrapolated: false }];
      const perPoint = (to.python - from.python) / (last - first);
      return [points, { ...run, python: from.python + (points - first) * perPoint, extrapolated: true }];
    }),
  );
}
