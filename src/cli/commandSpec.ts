/** One option of a command: the single source of parsing and help. */
export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  /** Placeholder in the help, for options with a value. */
  readonly value?: string;
  readonly multiple?: boolean;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  /** Placeholders of the positional arguments, all required. */
  readonly positionals: readonly string[];
  /** Whether the last of them may be given several times. */
  readonly isRepeatable?: boolean;
  /** What may follow after "--", as the usage line shows it: `COMMAND ARGUMENTS`. It comes behind the positional arguments. */
  readonly trailing?: string;
  /** Options that have to be given, as the usage line shows them: `--base MODEL --out DIR`. */
  readonly required?: string;
  readonly summary: string;
  /** Paragraphs after the options. */
  readonly notes?: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
}
