/** `sum = scale·plus` for the first step, `sum = sum + scale·plus` for the others. All float64, `count` even. */
export function addScaled(sum: usize, plus: usize, count: i32, scale: f64, isFirst: bool): void {
  const scales = f64x2.splat(scale);
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    const term = f64x2.mul(v128.load(plus + i), scales);
    v128.store(sum + i, isFirst ? term : f64x2.add(v128.load(sum + i), term));
  }
}

/** As `addScaled`, of `plus − minus`. */
export function addScaledDifference(sum: usize, plus: usize, minus: usize, count: i32, scale: f64, isFirst: bool): void {
  const scales = f64x2.splat(scale);
  for (let i: usize = 0; i < <usize>count << 3; i += 16) {
    const term = f64x2.mul(f64x2.sub(v128.load(plus + i), v128.load(minus + i)), scales);
    v128.store(sum + i, isFirst ? term : f64x2.add(v128.load(sum + i), term));
  }
}
