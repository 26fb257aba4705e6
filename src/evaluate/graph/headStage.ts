import type { Architecture } from '../../model/architecture/index.js';
import { finalNormGraph, projectionGraph } from './headGraph.js';
import type { HeadStage } from './modelGraph.js';
import type { StoredTensors } from './resolveTensors.js';
import { normWeights } from './weightShapes.js';

/**
 * The final norm and the vocabulary's matrix. A stored matrix is used even where the config ties it to the embedding: the
 * two are equal then, or training has parted them.
 *
 * @throws ArchitectureError when a tensor is missing or has another shape than the config says
 */
export function headStage({ head, hiddenSize, vocabularySize }: Architecture, stored: StoredTensors, embeddingTensor: string): HeadStage {
  const module = head.modules.find((name) => stored.has(`${name}.weight`)) ?? null;
  const tied = module === null && head.tied;
  const projectionTensor = tied
    ? embeddingTensor
    : stored.requireFull({ name: `${module ?? head.modules[0]!}.weight`, shape: [vocabularySize, hiddenSize] });
  const bias = module !== null && stored.has(`${module}.bias`);
  return {
    norm: finalNormGraph(head.norm),
    normWeights: normWeights(head.norm).map(({ name, shape }) => ({ input: name, tensor: stored.require({ name, shape }), shape })),
    projection: projectionGraph(hiddenSize, bias, head.softCap),
    projectionTensor,
    tied,
    biasTensor: bias ? stored.requireFull({ name: `${module}.bias`, shape: [vocabularySize] }) : null,
  };
}
