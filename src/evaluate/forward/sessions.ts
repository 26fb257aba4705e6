import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Graph } from '../graph/modelGraph.js';
import type { ModelThreadSettings, WeightFeed } from './protocol.js';

type Feeds = Readonly<Record<string, Tensor>>;

/** One onnxruntime session per graph; all layers of a kind share it, since weights are inputs. */
export class Sessions {
  readonly #graphs = new Map<string, Graph>();
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  constructor(private readonly settings: ModelThreadSettings) {}

  define(graphs: readonly Graph[]): void {
    for (const graph of graphs) this.#graphs.set(graph.id, graph);
  }

  /**
   * Runs a graph. `outputs` are filled in place; they have to have the shapes the graph computes.
   * @throws Error when the thread was asked to stop
   */
  async run(graph: string, feeds: Feeds, outputs: Feeds): Promise<void> {
    const session = await this.#session(graph);
    this.requireRunning();
    await session.run(feeds, outputs);
  }

  /** @throws Error when the thread was asked to stop */
  requireRunning(): void {
    if (Atomics.load(this.settings.stopped, 0) === 1) throw new Error('The model was asked to stop.');
  }

  /** Names of the graph's inputs. */
  async inputNames(graph: string): Promise<readonly string[]> {
    return (await this.#session(graph)).inputNames;
  }

  #session(id: string): Promise<InferenceSession> {
    const known = this.#sessions.get(id) ?? this.#create(id);
    this.#sessions.set(id, known);
    return known;
  }

  /** Waiting threads sleep instead of spinning: the processors form the next weights meanwhile. */
  async #create(id: string): Promise<InferenceSession> {
    const graph = this.#graphs.get(id);
    if (graph === undefined) throw new Error(`internal: graph ${id} was not defined`);
    const { provider, threads } = this.settings;
    try {
      return await InferenceSession.create(graph.bytes, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        // Without the pattern the arena takes no more than a stage needs; without the arena, the system keeps what is freed.
        enableCpuMemArena: true,
        enableMemPattern: false,
        logSeverityLevel: onlyErrors,
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
    } catch (error) {
      throw provider === 'webgpu' ? noDevice(error) : error;
    }
  }
}

/** onnxruntime's log level. It warns of every shape that it computes on the CPU, as it should. */
const onlyErrors = 3;

function noDevice(cause: unknown): Error {
  const reason = (cause instanceof Error ? cause.message : String(cause)).trim().split('\n').at(-1);
  return new Error(`No WebGPU device can be used here${reason ? ` (${reason})` : ''}. Score on the CPU instead (--provider cpu).`, {
    cause,
  });
}

/** Weights as graph inputs, without a copy. */
export function weightTensors(weights: readonly WeightFeed[]): Record<string, Tensor> {
  return Object.fromEntries(weights.map(({ input, dims, values }) => [input, floatTensor(new Float32Array(values), dims)]));
}

/** A float32 tensor over the first values of `data`. */
export function floatTensor(data: Float32Array, dims: readonly number[]): Tensor {
  const count = dims.reduce((product, size) => product * size, 1);
  return new Tensor('float32', data.subarray(0, count), dims);
}
