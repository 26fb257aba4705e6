/**
 * The gpu.js kernel: per block of 64 positions the four sums Σa², Σb², Σab, ΣΔ² in float32.
 *
 * It is source text, not a function, because gpu.js translates the text of functions and bundlers rewrite that.
 * A block's positions lie 64 apart, so that the 64 threads of a workgroup read neighbours. Each term passes through
 * at most 13 roundings (Δ twice one, the square, 3 levels of a tree of eight, 7 additions), so a sum of squares is
 * within 13 × 2^-24 = 7.8e-7 of the truth, whatever the values.
 */
export const blockLength = 64;

/** Blocks interleave within runs of this many positions: slices are multiples of it. */
export const tileLength = 64 * blockLength;

const eight = [0, 1, 2, 3, 4, 5, 6, 7] as const;

function treeOfEight(term: (position: number) => string): string {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = eight.map(term);
  return `((${t0} + ${t1}) + (${t2} + ${t3})) + ((${t4} + ${t5}) + (${t6} + ${t7}))`;
}

const loads = eight.map((k) => `const a${k} = a[at + ${k * 64}]; const b${k} = b[at + ${k * 64}]; const d${k} = b${k} - a${k};`);

export const blockKernelSource = `function (a, b) {
  let at = this.thread.x + Math.floor(this.thread.x / 64) * ${tileLength - 64};
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  let squaresDelta = 0;
  for (let i = 0; i < 8; i++) {
    ${loads.join('\n    ')}
    squaresA += ${treeOfEight((k) => `a${k} * a${k}`)};
    squaresB += ${treeOfEight((k) => `b${k} * b${k}`)};
    products += ${treeOfEight((k) => `a${k} * b${k}`)};
    squaresDelta += ${treeOfEight((k) => `d${k} * d${k}`)};
    at += 512;
  }
  return [squaresA, squaresB, products, squaresDelta];
}`;
