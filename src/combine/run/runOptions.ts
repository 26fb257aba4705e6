/** Where a run is. Bytes are those of the phase; `tensor` is the one just reached. */
export interface CombineProgress {
  readonly phase: 'hashing inputs' | 'checking what is there' | 'combining';
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly tensor: string;
}

/** Points after which a run that is killed leaves something new behind, in their order. */
export type RunStep =
  | 'partial made'
  | 'journal started'
  | 'files laid out'
  | 'chunks recorded'
  | 'files written'
  | 'manifest written'
  | 'journal removed'
  | 'old output moved'
  | 'output in place';

export interface RunOptions {
  /** Worker threads; null for one per processor. The bytes do not depend on it. */
  readonly workers?: number | null;
  /** Cancels: the partial output is removed unless `keepPartial`, and the run rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: CombineProgress) => void) | undefined;
  readonly onStep?: ((step: RunStep) => void) | undefined;
  /** Have the bytes on the disk before the output gets its name. Default true. */
  readonly sync?: boolean;
  /** Continue a partial output; without one, start. */
  readonly resume?: boolean;
  /** Replace an output, or a partial one, that exists. */
  readonly overwrite?: boolean;
  /** The user's word that whoever writes there has ended, whatever its heartbeat says. */
  readonly takeOver?: boolean;
  /** What is left of a cancelled run stays, to be resumed. */
  readonly keepPartial?: boolean;
  /** Also record the SHA-256 of every input file. */
  readonly hashInputs?: boolean;
}
