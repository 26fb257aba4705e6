/**
 * Compares texts as their UTF-8 bytes compare, which is how safetensors orders names. Strings compare by units of UTF-16,
 * where characters beyond U+FFFF stand before U+E000.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return placeInBytes(x) - placeInBytes(y);
  }
  return a.length - b.length;
}

/** Moves surrogates, which stand for the highest characters, behind all other units. */
function placeInBytes(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
