/** Beyond so many degrees of freedom the quantiles no longer change in the third digit. */
const mostDegrees = 1000;
const largestQuantile = 1e4;

/**
 * The value that Student's t with so many degrees of freedom exceeds with the probability `tail`, one-sided.
 * Found by bisection, to about nine digits.
 * @param tail between 0 and 0.5
 * @param degrees at least 1
 */
export function upperQuantile(tail: number, degrees: number): number {
  let [low, high] = [0, largestQuantile];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (upperTail(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability that t exceeds a value of at least 0: finite trigonometric sums (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4). */
export function upperTail(value: number, degrees: number): number {
  const count = Math.min(degrees, mostDegrees);
  const angle = Math.atan(value / Math.sqrt(count));
  const sine = Math.sin(angle);
  const within = count % 2 === 0 ? sine * evenSum(angle, count) : (2 / Math.PI) * (angle + sine * oddSum(angle, count));
  return (1 - within) / 2;
}

/** 1 + ½·cos² + (1·3)/(2·4)·cos⁴ + …, up to cos to the power of `count` − 2. */
function evenSum(angle: number, count: number): number {
  const square = Math.cos(angle) ** 2;
  let [sum, term] = [1, 1];
  for (let power = 2; power <= count - 2; power += 2) sum += term *= (square * (power - 1)) / power;
  return sum;
}

/** cos + ⅔·cos³ + (2·4)/(3·5)·cos⁵ + …, up to cos to the power of `count` − 2; 0 for one degree of freedom. */
function oddSum(angle: number, count: number): number {
  const square = Math.cos(angle) ** 2;
  let [sum, term] = [0, Math.cos(angle)];
  for (let power = 1; power <= count - 2; power += 2) {
    sum += term;
    term *= (square * (power + 1)) / (power + 2);
  }
  return sum;
}
