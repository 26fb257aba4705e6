import type { CommandSpec } from './commandSpec.js';
import type { ExitCode, Io } from './io.js';
import type { ParsedOptions } from './options.js';

export type { CommandSpec, OptionSpec } from './commandSpec.js';

/** A command of the CLI: its description and what it does. */
export interface Command {
  readonly spec: CommandSpec;
  run(options: ParsedOptions, io: Io): Promise<ExitCode>;
}
