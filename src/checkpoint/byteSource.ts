/** Random access to bytes that do not change while they are read: a file, memory, later a remote file. */
export interface ByteSource {
  /** For messages: a path or another name the user recognises. */
  readonly name: string;
  readonly byteLength: number;
  /**
   * Returns exactly the bytes `[start, end)`, never fewer.
   * @throws when the range leaves the source, the source shrank, or `signal` is aborted.
   */
  read(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}
