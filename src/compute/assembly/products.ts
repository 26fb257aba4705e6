/**
 * Inner products of rows, and the triangular factor of a QR decomposition: what the norm of a product of two thin matrices needs.
 * All values are float64; rows lie `stride` bytes apart and hold an even number of values.
 */

/**
 * Adds P·Pᵀ to a Gram matrix of `rows` columns, on and below its diagonal (some places above it hold sums as well).
 * @param rows a multiple of four
 */
export function addGram(panel: usize, rows: i32, count: i32, stride: usize, gram: usize): void {
  for (let i: i32 = 0; i < rows; i += 4) {
    for (let j: i32 = 0; j < i + 4; j += 2) addTile(panel + <usize>i * stride, panel + <usize>j * stride, count, stride, gram + ((<usize>i * <usize>rows + <usize>j) << 3), <usize>rows << 3);
  }
}

/** Four rows with two others: as many sums as there are registers for. */
function addTile(a: usize, b: usize, count: i32, stride: usize, gram: usize, line: usize): void {
  let s00 = f64x2.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
  const end = a + (<usize>count << 3);
  const apart = b - a;
  for (let at = a; at < end; at += 16) {
    const x = v128.load(at + apart);
    const y = v128.load(at + apart + stride);
    let row = v128.load(at);
    s00 = f64x2.add(s00, f64x2.mul(row, x));
    s01 = f64x2.add(s01, f64x2.mul(row, y));
    row = v128.load(at + stride);
    s10 = f64x2.add(s10, f64x2.mul(row, x));
    s11 = f64x2.add(s11, f64x2.mul(row, y));
    row = v128.load(at + 2 * stride);
    s20 = f64x2.add(s20, f64x2.mul(row, x));
    s21 = f64x2.add(s21, f64x2.mul(row, y));
    row = v128.load(at + 3 * stride);
    s30 = f64x2.add(s30, f64x2.mul(row, x));
    s31 = f64x2.add(s31, f64x2.mul(row, y));
  }
  addPair(gram, s00, s01);
  addPair(gram + line, s10, s11);
  addPair(gram + 2 * line, s20, s21);
  addPair(gram + 3 * line, s30, s31);
}

// @ts-ignore: decorator
@inline
function addPair(at: usize, x: v128, y: v128): void {
  store<f64>(at, load<f64>(at) + fold(x));
  store<f64>(at + 8, load<f64>(at + 8) + fold(y));
}

// @ts-ignore: decorator
@inline
function fold(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/**
 * Updates the upper triangular R of a QR decomposition, `rows` columns row-major, by more rows of the decomposed matrix, which are the
 * columns of the panel. The panel is used up. Source: Golub and Van Loan, Matrix Computations, 4th ed., algorithm 5.1.1 and section 5.2.2
 * (Householder reflections that leave R's zeros as they are).
 */
export function addToTriangle(triangle: usize, panel: usize, rows: i32, count: i32, stride: usize): void {
  for (let j: i32 = 0; j < rows; j++) {
    const v = panel + <usize>j * stride;
    const line = triangle + ((<usize>j * <usize>rows) << 3);
    const squares = dot(v, v, count);
    if (squares == 0) continue;
    const x = load<f64>(line + (<usize>j << 3));
    const norm = sqrt(x * x + squares);
    const first = x > 0 ? -squares / (x + norm) : x - norm; // x − norm without cancellation
    const factor = 2 / (first * first + squares);
    store<f64>(line + (<usize>j << 3), norm);
    for (let c: i32 = j + 1; c < rows; c++) {
      const other = panel + <usize>c * stride;
      const at = line + (<usize>c << 3);
      const amount = factor * (first * load<f64>(at) + dot(v, other, count));
      store<f64>(at, load<f64>(at) - amount * first);
      subtractScaled(other, v, amount, count);
    }
  }
}

// @ts-ignore: decorator
@inline
function dot(a: usize, b: usize, count: i32): f64 {
  let s0 = f64x2.splat(0), s1 = s0;
  const end = a + (<usize>count << 3);
  const apart = b - a;
  for (let at = a; at < end; at += 32) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(at), v128.load(at + apart)));
    s1 = f64x2.add(s1, f64x2.mul(v128.load(at, 16), v128.load(at + apart, 16)));
  }
  return fold(f64x2.add(s0, s1));
}

// @ts-ignore: decorator
@inline
function subtractScaled(target: usize, source: usize, amount: f64, count: i32): void {
  const factor = f64x2.splat(amount);
  const end = target + (<usize>count << 3);
  const apart = source - target;
  for (let at = target; at < end; at += 16) v128.store(at, f64x2.sub(v128.load(at), f64x2.mul(factor, v128.load(at + apart))));
}

/** Rows of `rows` values each become columns of the target, whose rows lie `stride` bytes apart. */
export function turn(source: usize, rows: i32, count: i32, target: usize, stride: usize): void {
  for (let i: i32 = 0; i < rows; i++) {
    let from = source + (<usize>i << 3);
    const to = target + <usize>i * stride;
    for (let c: i32 = 0; c < count; c++, from += <usize>rows << 3) store<f64>(to + (<usize>c << 3), load<f64>(from));
  }
}

/** Whether bytes are all zero. @param byteLength a multiple of 16 */
export function isZero(source: usize, byteLength: usize): bool {
  let any = i64x2.splat(0);
  const end = source + byteLength;
  for (let at = source; at < end; at += 16) any = v128.or(any, v128.load(at));
  return !v128.any_true(any);
}
