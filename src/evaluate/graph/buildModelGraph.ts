import type { Architecture, Layer, Rope } from '../architecture/index.js';
import { blockGraph } from './blockGraph.js';
import { headStage } from './headStage.js';
import type { BlockStage, EmbeddingStage, Graph, ModelGraph } from './modelGraph.js';
import { refuseUnusedParameters, StoredTensors, type StoredTensor } from './resolveTensors.js';
import { rotaryTables } from './rotaryTables.js';
import { layerLinears, layerWeights } from './weightShapes.js';

/**
 * Builds the stages of a model whose tensors are these.
 *
 * @throws ArchitectureError when tensors are missing, have other shapes than the config says, or are more than it says
 */
export function modelGraph(architecture: Architecture, tensors: readonly StoredTensor[]): ModelGraph {
  const stored = new StoredTensors(architecture, tensors);
  const embedding = embeddingStage(architecture, stored);
  const blocks = blockStages(architecture, stored);
  refuseUnusedParameters(architecture, stored, new Set(blocks.flatMap(({ weights }) => weights.map(({ tensor }) => tensor))));
  const ropes = ropesByKind(architecture.layers);
  return {
    hiddenSize: architecture.hiddenSize,
    vocabularySize: architecture.vocabularySize,
    embedding,
    blocks,
    head: headStage(architecture, stored, embedding.tensor),
    contextLength: architecture.contextLength,
    blockOperations: (length) => blockOperations(architecture.layers[0]!, length),
    positionInputs: (kind, length) => {
      const rope = ropes.get(kind);
      return rope === undefined ? [] : rotaryTables(rope, length);
    },
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
function blockStages({ layers, layersModule, hiddenSize }: Architecture, stored: StoredTensors): BlockStage[] {
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
    return { layer: index, graph, weights, positionKind: ropeKind(layer.attention.rope) };
  });
}

function ropesByKind(layers: readonly Layer[]): ReadonlyMap<string, Rope> {
  return new Map(layers.flatMap(({ attention: { rope } }) => (rope === null ? [] : [[ropeKind(rope), rope]])));
}

function ropeKind(rope: Rope | null): string {
  return rope === null ? 'no rotary embedding' : JSON.stringify(rope);
}

/** Two operations for each weight and token, and for each pair of positions in scores and mixing. */
function blockOperations(layer: Layer, length: number): number {
  const weights = layerLinears(layer).reduce((sum, { inputSize, outputSize }) => sum + inputSize * outputSize, 0);
  const { heads, headSize } = layer.attention;
  return 2 * length * weights + 4 * length * length * heads * headSize;
}
