import { visibleText } from './visibleText.js';

/** What an error about a file says about the place and nature of a fault. */
export interface FormatFault {
  /** File the fault lies in. */
  readonly file: string;
  /** What is wrong, as a clause without a full stop: `header is longer than the file`. */
  readonly problem: string;
  readonly tensor?: string;
  /** Byte offset in the file, where one is known. */
  readonly offset?: number;
  readonly expected?: string;
  readonly actual?: string;
  /** What the user can do next, as a sentence. */
  readonly remedy: string;
}

/** A file that breaks its format. Permanent: reading it again gives the same error until the file changes. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly fault: FormatFault;

  constructor(fault: FormatFault, options?: ErrorOptions) {
    super(describeFault(fault), options);
    this.fault = fault;
  }
}

/** A file or folder that is missing, may not be read, is of the wrong kind, or changed while it was read. */
export class FileAccessError extends Error {
  override readonly name = 'FileAccessError';
  readonly fault: FormatFault;

  constructor(fault: FormatFault, options?: ErrorOptions) {
    super(describeFault(fault), options);
    this.fault = fault;
  }
}

/** A name as messages show it: at most 120 characters, invisible ones escaped. */
export function quoteName(name: string): string {
  return visibleText(JSON.stringify(name.length <= 120 ? name : `${name.slice(0, 120)}...`));
}

/** A fault as one line of text. */
export function describeFault(fault: FormatFault): string {
  const tensor = fault.tensor === undefined ? '' : ` (tensor ${quoteName(fault.tensor)})`;
  const place = fault.offset === undefined ? '' : ` at byte ${fault.offset}`;
  const expected = fault.expected === undefined ? '' : ` Expected ${fault.expected}.`;
  const actual = fault.actual === undefined ? '' : ` Found ${fault.actual}.`;
  return `${visibleText(fault.file)}${tensor}: ${fault.problem}${place}.${expected}${actual} ${fault.remedy}`;
}
