import { StringDecoder } from 'node:string_decoder';

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
