/** A checkpoint as its read-only editor shows it: headers only, tensors in columns. */
export interface CheckpointSummary {
  readonly path: string;
  readonly name: string;
  readonly modelType: string | null;
  readonly architecture: string | null;
  readonly parameterCount: number;
  /** Weights in codes that are not understood: `parameterCount` is then a lower bound. */
  readonly uncountedWeights: number;
  /** How weights are quantised, with a sentence that says what shows it; null when all are plain. */
  readonly scheme: { readonly name: string; readonly evidence: string } | null;
  /** What this is as an adapter, with facts as label and value; null for a model. */
  readonly adapter: { readonly title: string; readonly facts: readonly (readonly [label: string, value: string])[] } | null;
  readonly byteLength: number;
  readonly dtypes: readonly (readonly [string, number])[];
  readonly shards: readonly { readonly name: string; readonly byteLength: number; readonly metadata: Readonly<Record<string, string>> }[];
  readonly findings: readonly { readonly severity: string; readonly message: string; readonly tensor?: string }[];
  readonly tensors: {
    readonly length: number;
    readonly names: readonly string[];
    readonly dtypes: readonly string[];
    /** `4096 × 4096`; empty for a scalar. */
    readonly shapes: readonly string[];
    readonly byteLength: Float64Array;
    readonly elementCount: Float64Array;
    /** Index into `shards`. */
    readonly shard: Uint32Array;
    /** Key of the layer a tensor belongs to, e.g. `model.layers.12`; empty outside layers. */
    readonly layers: readonly string[];
    readonly modules: readonly string[];
  };
}
