import { describeFault, type FormatFault } from '../../base/formatError.js';

/** A model whose blocks cannot be built: its family is not known, or its `config.json` and its tensors do not agree. */
export class ArchitectureError extends Error {
  override readonly name = 'ArchitectureError';

  constructor(readonly fault: FormatFault) {
    super(describeFault(fault));
  }
}

/** What to do with a model that cannot be built here. */
export const scoreOutside = 'Score this model with a command of your own instead (--command).';
