import { join } from 'node:path';
import type { CandidateChoices, RequestedInput } from '../../../../src/combine/index.js';

const root = join(__dirname, '../../../..');

/** A file or folder of samples/. */
export function samplePath(...names: readonly string[]): string {
  return join(root, 'samples', ...names);
}

/** The sample models by the roles that tests name them with. */
export const sampleInputs: readonly RequestedInput[] = [
  { role: 'b1', path: samplePath('base-1'), expect: 'checkpoint' },
  { role: 'b2', path: samplePath('base-2'), expect: 'checkpoint' },
  { role: 'f1', path: samplePath('finetuned-1'), expect: 'checkpoint' },
];

export const noChoices: CandidateChoices = {
  include: [],
  exclude: [],
  vocabulary: 'tokens',
  skipMismatched: false,
  prefixMap: null,
  settings: 'merged',
};
