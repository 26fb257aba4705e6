import { OutsideCommandError } from './outsideCommandError.js';

/** What a shell would act on; without one it would reach the program as plain text. */
const shellSyntax = /[|<>&;`]|\$[({\w]/y;
/** Of that, what a shell also acts on between double quotes. */
const expansion = /`|\$[({\w]/y;
const assignment = /^[A-Za-z_]\w*=/;
const escapable: ReadonlySet<string> = new Set([' ', '\t', '"', "'", '\\']);
const escapableInQuotes: ReadonlySet<string> = new Set(['"', '\\']);

/**
 * The program and arguments that a line of text stands for. White space separates; `'…'` is taken as it is; `"…"` too,
 * except that `\"` and `\\` stand for `"` and `\`; elsewhere a backslash takes the next blank, quote or backslash as it
 * is, and stands for itself before anything else (`C:\tools`). There is no shell: pipes, redirections, substitutions and
 * variables are refused unless they are quoted, since they would not do what they say.
 * @throws OutsideCommandError for an empty line, an open quote, or shell syntax
 */
export function parseCommandLine(line: string): string[] {
  const words = new WordSplitter(line).split();
  const [program] = words;
  if (program === undefined || program === '') throw new OutsideCommandError('The command is empty. Give a program and its arguments.');
  if (assignment.test(program))
    throw new OutsideCommandError(`The command starts with ${program}, but no shell runs it. Write: env ${program} …`);
  return words;
}

/** What no shell acts on; braces only around a single word, as in `{model}`. */
const plainWord = /^(?:[\w.,:/=@%+-]|\{\w+\})+$/;

/** A line that `parseCommandLine`, or a shell, reads back to the same program and arguments. */
export function formatCommandLine(command: readonly string[]): string {
  return command.map((word) => (plainWord.test(word) ? word : quoted(word))).join(' ');
}

function quoted(word: string): string {
  return `'${word.split("'").join(`'"'"'`)}'`;
}

/** Goes over a line once, from left to right. */
class WordSplitter {
  #position = 0;
  /** The word that is being read; null between words. */
  #word: string | null = null;

  constructor(private readonly line: string) {}

  split(): string[] {
    const words: string[] = [];
    while (this.#position < this.line.length) {
      if (!/\s/.test(this.line[this.#position]!)) this.#readPart();
      else {
        this.#position++;
        this.#endWord(words);
      }
    }
    this.#endWord(words);
    return words;
  }

  #endWord(words: string[]): void {
    if (this.#word !== null) words.push(this.#word);
    this.#word = null;
  }

  #append(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #readPart(): void {
    const character = this.line[this.#position]!;
    this.#append('');
    if (character === "'") this.#readSingleQuoted();
    else if (character === '"') this.#readDoubleQuoted();
    else this.#readCharacter(escapable, shellSyntax);
  }

  #readSingleQuoted(): void {
    const end = this.line.indexOf("'", this.#position + 1);
    if (end < 0) this.#failOpen();
    this.#append(this.line.slice(this.#position + 1, end));
    this.#position = end + 1;
  }

  #readDoubleQuoted(): void {
    const start = this.#position++;
    while (this.line[this.#position] !== '"') {
      if (this.#position >= this.line.length) this.#failOpen(start);
      this.#readCharacter(escapableInQuotes, expansion);
    }
    this.#position++;
  }

  #readCharacter(escaped: ReadonlySet<string>, refused: RegExp): void {
    refused.lastIndex = this.#position;
    const [syntax] = refused.exec(this.line) ?? [];
    if (syntax !== undefined) this.#failShell(syntax);
    const next = this.line[this.#position + 1];
    if (this.line[this.#position] === '\\' && next !== undefined && escaped.has(next)) this.#position++;
    this.#append(this.line[this.#position]!);
    this.#position++;
  }

  #failOpen(position = this.#position): never {
    throw new OutsideCommandError(
      `The command has a quote ${this.line[position]!} at character ${position + 1} that is not closed. Close it, or put a backslash before it.`,
    );
  }

  #failShell(syntax: string): never {
    throw new OutsideCommandError(
      `The command has ${syntax} at character ${this.#position + 1}, but no shell runs it. Put it between single quotes to pass it on as it is; for what a shell does with it, run a script.`,
    );
  }
}
