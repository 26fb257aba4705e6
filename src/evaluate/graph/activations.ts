import type { Layer } from '../../model/architecture/index.js';

/**
 * Bytes that onnxruntime needs, about, for what a layer computes on its way over `count` sequences of `length` tokens at
 * once: attention's scores four times (with mask, softmax and the next ones), and rows as wide as the feed-forward part and the
 * states. Within a tenth of what was measured with windows of 512 and 2048 tokens.
 */
export function activationByteLength({ attention, feedForward }: Layer, count: number, length: number): number {
  const scores = 4 * attention.heads * length;
  const rows = 3 * feedForward.down.inputSize + 8 * feedForward.down.outputSize;
  return count * length * (scores + rows) * Float32Array.BYTES_PER_ELEMENT;
}
