import type { Architecture, Layer, Rope } from '../../model/architecture/index.js';
import { blockGraph } from './blockGraph.js';
import type { BlockStage, EmbeddingStage, Graph, ModelGraph, HeadStage, PositionInput } from './modelGraph.js';
import { refuseUnusedParameters, StoredTensors, type StoredTensor } from './resolveTensors.js';
import { layerLinears, layerWeights, normWeights } from './weightShapes.js';
import { finalNormGraph, projectionGraph } from './headGraph.js';
import { rotaryTables } from './rotaryTables.js';

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

/**
 * The final norm and the vocabulary's matrix. A stored matrix is used even where the config ties it to the embedding: the
 * two are equal then, or training has parted them.
 *
 * @throws ArchitectureError when a tensor is missing or has another shape than the config says
 */
function headStage({ head, hiddenSize, vocabularySize }: Architecture, stored: StoredTensors, embeddingTensor: string): HeadStage {
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

/** The kinds of position inputs of a model: layers with the same rotary embedding are of one kind. */
class PositionKinds {
  readonly #kinds = new Map<string, { readonly kind: string; readonly rope: Rope | null }>();

  /** The kind of layers with this rotary embedding. */
  kindOf(rope: Rope | null): string {
    const key = JSON.stringify(rope);
    const known = this.#kinds.get(key) ?? { kind: `positions ${this.#kinds.size}`, rope };
    this.#kinds.set(key, known);
    return known.kind;
  }

  /** The position inputs of a kind for sequences of this length. */
  inputs(kind: string, length: number): PositionInput[] {
    const known = [...this.#kinds.values()].find((entry) => entry.kind === kind);
    if (known === undefined) throw new Error(`internal: no layer has position inputs of kind ${kind}`);
    return known.rope === null ? [] : rotaryTables(known.rope, length);
  }
}
