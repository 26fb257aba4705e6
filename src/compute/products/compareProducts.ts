import { ProductKernels } from '../simd/index.js';
import type { SliceReader } from '../sliceReader.js';
import type { ProductMatrix, ProductPair, ProductSums } from '../task.js';
import { StackedFactors } from './stackedFactors.js';
import { productOfTriangles, sumsOf, sumsOfGram, type Sums } from './sums.js';

/**
 * Compares matrices that are products `scale · B · A` of thin factors by the factors alone: with the Gram matrices of the stacked factors
 * [B₁ B₂] and [A₁; A₂], or, where these would leave too few digits, with the R factors of their QR decompositions. Errors of norms are below
 * a millionth of the larger norm in both cases. ΔW is never formed.
 */
export class ProductComparer {
  readonly #kernels = new ProductKernels();

  constructor(private readonly reader: SliceReader) {}

  /** @returns the sums over all matrices of a pair @throws FileReadError */
  compare({ a, b }: ProductPair): ProductSums {
    const matrices = a.matrices.map((matrix, i) => this.#compareMatrices(matrix, b.matrices[i]!, { a, b }));
    const total = sumsOf(matrices);
    return { ...total, sameFactors: matrices.every(({ sameFactors }) => sameFactors) };
  }

  #compareMatrices(one: ProductMatrix, other: ProductMatrix, { a, b }: ProductPair): Sums & { sameFactors: boolean } {
    const stacks = (['b', 'a'] as const).map((side) => new StackedFactors(side, [one, other], [a.files, b.files], this.reader));
    const grams = stacks.map((stack) => stack.addUp(this.#kernels, 'gram'));
    const sameFactors = one.scale === other.scale && stacks.every(({ areSame }) => areSame);
    const signs = stacks[0]!.weights([one.scale, other.scale]);
    const sums = sumsOfGram(grams[0]!, grams[1]!, signs);
    if (sameFactors) return { ...sums, sumSquaresB: sums.sumSquaresA, sumProducts: sums.sumSquaresA, sumSquaresDelta: 0, sameFactors };
    if (sums.isReliable || !sums.isFinite) return { ...sums, sameFactors };
    const triangles = stacks.map((stack) => stack.addUp(this.#kernels, 'triangle'));
    return { ...productOfTriangles(triangles[0]!, triangles[1]!, signs), sameFactors };
  }
}
