import { StringDecoder } from 'node:string_decoder';

/** A line that a command printed, without its end. Longer ones come in pieces. */
export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Characters of a line that are passed on in one piece. */
const longestLine = 8192;

/** Cuts what arrives into lines. A carriage return ends one too: progress bars write nothing else for hours. */
export class LineSplitter {
  readonly #decoder = new StringDecoder();
  #rest = '';

  constructor(private readonly onLine: (text: string) => void) {}

  add(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop()!;
    for (const line of lines) this.#pass(line);
    while (this.#rest.length > longestLine) {
      this.onLine(this.#rest.slice(0, longestLine));
      this.#rest = this.#rest.slice(longestLine);
    }
  }

  end(): void {
    const last = (this.#rest + this.#decoder.end()).replace(/\r$/, '');
    this.#rest = '';
    if (last !== '') this.#pass(last);
  }

  #pass(line: string): void {
    for (let start = 0; start === 0 || start < line.length; start += longestLine) this.onLine(line.slice(start, start + longestLine));
  }
}

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
