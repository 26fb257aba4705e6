/** A checkpoint as its read-only editor shows it: headers only, tensors in columns. */
export interface CheckpointSummary {
  readonly path: string;
  readonly name: string;
  readonly modelType: string | null;
  readonly architecture: string | null;
  readonly parameterCount: number;
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
