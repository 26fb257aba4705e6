import { ArchitectureError, type Architecture } from '../../model/architecture/index.js';
import type { NamedShape } from './weightShapes.js';
import { quoteName } from '../../base/formatError.js';

/** What the graphs need to know of a stored tensor. `Tensor` of `checkpoint/` is one. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** The tensors of one checkpoint by their full names, with what its names start with. */
export class StoredTensors {
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  /** What names of this checkpoint start with: `model.`. */
  readonly prefix: string;

  /** @throws ArchitectureError when the embedding is under none of the family's names */
  constructor(
    private readonly architecture: Architecture,
    tensors: readonly StoredTensor[],
  ) {
    this.#shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
    this.prefix = this.#findPrefix();
  }

  names(): Iterable<string> {
    return this.#shapes.keys();
  }

  has(name: string): boolean {
    return this.#shapes.has(name);
  }

  /**
   * The full name of a weight, found and of the right shape.
   *
   * @param name without the checkpoint's prefix
   * @throws ArchitectureError when it is missing or of another shape
   */
  require({ name, shape }: NamedShape): string {
    return this.requireFull({ name: this.prefix + name, shape });
  }

  /** As `require`, for a name with its prefix. */
  requireFull({ name, shape }: NamedShape): string {
    const stored = this.#shapes.get(name);
    if (stored === undefined) throw this.#fault(name, 'the checkpoint lacks a tensor of its model', describeShape(shape), 'no such tensor');
    if (!sameShape(stored, shape)) throw this.#fault(name, 'shape does not fit the config', describeShape(shape), describeShape(stored));
    return name;
  }

  #findPrefix(): string {
    const { prefixes, embedding } = this.architecture;
    const found = prefixes.find((prefix) => this.has(`${prefix}${embedding.module}.weight`));
    if (found !== undefined) return found;
    const names = prefixes.map((prefix) => `${prefix}${embedding.module}.weight`);
    throw this.#fault(names[0]!, 'the checkpoint has no token embeddings', `a tensor named ${names.join(' or ')}`, 'no such tensor');
  }

  #fault(tensor: string, problem: string, expected: string, actual: string): ArchitectureError {
    const remedy = 'Check that config.json and weights belong to the same model and that all shards are there.';
    return new ArchitectureError({ file: this.architecture.file, tensor, problem, expected, actual, remedy });
  }
}

/** Refuses parameters in layers that the graph would leave out: the config does not describe such a model. */
export function refuseUnusedParameters(architecture: Architecture, tensors: StoredTensors, used: ReadonlySet<string>): void {
  const layers = `${tensors.prefix}${architecture.layersModule}.`;
  const unused = [...tensors.names()].filter((name) => name.startsWith(layers) && !used.has(name) && !buffer.test(name));
  if (unused.length === 0) return;
  throw new ArchitectureError({
    file: architecture.file,
    tensor: unused[0]!,
    problem: 'layers have parameters that the config does not describe',
    expected: `${architecture.family}, num_hidden_layers ${architecture.layers.length}`,
    actual: `${unused.length} more: ${unused.slice(0, 4).map(quoteName).join(', ')}`,
    remedy: 'Check that config.json and weights belong to the same model.',
  });
}

/** Constants that older checkpoints store beside their parameters: rotary frequencies, causal masks. */
const buffer = /\.(rotary_emb\.inv_freq|attn\.bias|attn\.masked_bias|attention\.bias|attention\.masked_bias)$/;

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

function describeShape(shape: readonly number[]): string {
  return `shape [${shape.join(', ')}]`;
}
