import type { Architecture, Layer } from '../../model/architecture/index.js';
import { blockGraph } from './blockGraph.js';
import { headStage } from './headStage.js';
import type { BlockStage, EmbeddingStage, Graph, ModelGraph } from './modelGraph.js';
import { PositionKinds } from './positionKinds.js';
import { refuseUnusedParameters, StoredTensors, type StoredTensor } from './resolveTensors.js';
import { layerLinears, layerWeights } from './weightShapes.js';

/**
 * Builds the stages of a model whose tensors are these.
 *
 * @throws ArchitectureError when tensors are missing, have other shapes than the config says, or are more than it says
 */
export function modelGraph(architecture: Architecture, tensors: readonly StoredTensor[]): ModelGraph {
  const stored = new StoredTensors(architecture, tensors);
  const embedding = embeddingStage(architecture, stored);
  const kinds = new PositionKinds();
  const blocks = blockStages(architecture, stored, kinds);
  refuseUnusedParameters(architecture, stored, new Set(blocks.flatMap(({ weights }) => weights.map(({ tensor }) => tensor))));
  return {
    hiddenSize: architecture.hiddenSize,
    vocabularySize: architecture.vocabularySize,
    embedding,
    blocks,
    head: headStage(architecture, stored, embedding.tensor),
    contextLength: architecture.contextLength,
    blockOperations: (length) => blockOperations(architecture.layers[0]!, length),
    positionInputs: (kind, length) => kinds.inputs(kind, length),
  };
}

function embeddingStage(architecture: Architecture, stored: StoredTensors): EmbeddingStage {
  const { hiddenSize, vocabularySize, contextLength, embedding } = architecture;
  const { module, scale, positionsModule } = embedding;
  const tensor = stored.require({ name: `${module}.weight`, shape: [vocabularySize, hiddenSize] });
  if (positionsModule === null) return { tensor, scale, positions: null };
  const positions = stored.require({ name: `${positionsModule}.weight`, shape: [contextLength, hiddenSize] });
  return { tensor, scale, positions: { tensor: positions, offset: 0 } };
}

/** Layers that compute the same share one graph. */
function blockStages({ layers, layersModule, hiddenSize }: Architecture, stored: StoredTensors, kinds: PositionKinds): BlockStage[] {
  const graphs = new Map<string, Graph>();
  return layers.map((layer, index) => {
    const key = JSON.stringify(layer);
    const graph = graphs.get(key) ?? blockGraph(layer, hiddenSize);
    graphs.set(key, graph);
    const weights = layerWeights(layer).map(({ name, shape }) => ({
      input: name,
      tensor: stored.require({ name: `${layersModule}.${index}.${name}`, shape }),
      shape,
    }));
    return { layer: index, graph, weights, positionKind: kinds.kindOf(layer.attention.rope) };
  });
}

/** Two operations for each weight and token, and for each pair of positions in scores and mixing. */
function blockOperations(layer: Layer, length: number): number {
  const weights = layerLinears(layer).reduce((sum, { inputSize, outputSize }) => sum + inputSize * outputSize, 0);
  const { heads, headSize } = layer.attention;
  return 2 * length * weights + 4 * length * length * heads * headSize;
}
