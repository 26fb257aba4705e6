import { randomUint32s } from '../../compute/support/random.js';

/** Seeded generator of standard normal values (Box and Muller). */
export function randomNormals(seed: number): () => number {
  const next = randomUint32s(seed);
  for (let i = 0; i < 20; i++) next(); // small seeds start alike
  const uniform = (): number => (next() + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
