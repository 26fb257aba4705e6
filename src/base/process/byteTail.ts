/** The last bytes of a stream. */
export class ByteTail {
  #chunks: Buffer[] = [];
  #byteLength = 0;

  constructor(private readonly limit: number) {}

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#byteLength += chunk.byteLength;
    if (this.#byteLength > 2 * this.limit) this.#forget();
  }

  text(): string {
    this.#forget();
    return Buffer.concat(this.#chunks).toString();
  }

  /** Called once in `limit` bytes, so that each byte is copied about once. */
  #forget(): void {
    const all = Buffer.concat(this.#chunks);
    const kept = Buffer.from(all.subarray(Math.max(0, all.byteLength - this.limit)));
    this.#chunks = [kept];
    this.#byteLength = kept.byteLength;
  }
}
