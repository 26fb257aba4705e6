import { dirname, resolve } from 'node:path';
import { parseMatrixFile, type MatrixFile } from '../../connectivity/index.js';
import type { Command, CommandSpec } from '../command.js';
import { runFileOptions, runScoring } from '../runScoring.js';
import { readScoring, scoringOptions } from '../scoringOptions.js';
import { readText } from '../../base/readFile.js';

const spec: CommandSpec = {
  name: 'matrix',
  positionals: ['FILE'],
  summary: 'Score every base with every diff vector, in one pass: which fine-tune carries over to which version.',
  notes: [
    'FILE is JSON: { "tasks": ["text.txt"], "versions": [{ "name": "v1", "base": "base-1", "finetuned": "finetuned-1" }, …] },',
    'with paths relative to it; "tasks", "name" and "finetuned" may be left out. --task adds tasks.',
    "In brackets stands the fraction of the target's own fine-tuning gain that a transfer recovers.",
  ].join('\n'),
  options: { ...scoringOptions, ...runFileOptions },
};

export const matrixCommand: Command = {
  spec,
  async run(options, io) {
    const { tasks, versions, inputs } = await readMatrixFile(options.positionals[0]!);
    const request = { kind: 'matrix', versions, inputs, previous: null, ...readScoring(options, tasks) } as const;
    return runScoring(request, options, io);
  },
};

async function readMatrixFile(path: string): Promise<MatrixFile> {
  return parseMatrixFile(await readText(path), path, dirname(resolve(path)));
}
