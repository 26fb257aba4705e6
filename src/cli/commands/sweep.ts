import type { RequestedInput } from '../../combine/index.js';
import { whyNotAdded } from '../../model/adapters/index.js';
import type { Command, CommandSpec } from '../command.js';
import { UsageError, type Io } from '../io.js';
import type { ParsedOptions } from '../options.js';
import { runJob } from '../runJob.js';
import { inputOption } from '../combineOptions.js';
import { lineOptions, lineRequest } from '../lineOptions.js';
import { runFileOptions, runScoring } from '../runScoring.js';
import { scoringOptions } from '../scoringOptions.js';

const grid = { from: -0.25, to: 1.5, points: 8 };

const spec: CommandSpec = {
  name: 'sweep',
  positionals: [],
  required: '--finetuned MODEL [--base MODEL] --target MODEL --task FILE',
  summary: 'Score a transfer at many scales: target + λ·(finetuned − base). Nothing is written.',
  notes: 'λ = 0 is the target itself, λ = 1 the plain transfer. The best λ of a grid was picked for its score: check it on other text.',
  options: {
    finetuned: { type: 'string', value: 'MODEL', help: 'The fine-tuned version.' },
    base: {
      type: 'string',
      value: 'MODEL',
      help: 'What it was fine-tuned from. An adapter of PEFT or MLX whose change is a plain sum needs none: λ is then a scale of its alpha.',
    },
    target: { type: 'string', value: 'MODEL', help: 'The base model that gets the fine-tuning.' },
    ...lineOptions(grid),
    ...scoringOptions,
    ...runFileOptions,
  },
};

/** Without its own base, an adapter that only adds is taken against the target: there it is the same difference. @throws UsageError */
async function readInputs(options: ParsedOptions, io: Io): Promise<RequestedInput[]> {
  const [finetuned, target] = [inputOption(options, 'finetuned'), inputOption(options, 'target')];
  if (options.value('base') !== null) return [finetuned, inputOption(options, 'base'), target];
  const { adapter, parameters } = await runJob('checkpoint/open', { path: finetuned.path }, io);
  const reason = adapter === null ? 'it is no adapter' : whyNotAdded(parameters, adapter);
  if (reason !== null)
    throw new UsageError(`--base is missing: ${finetuned.path} is not the same difference for every base, since ${reason}.`);
  return [finetuned, { ...target, role: 'base' }, target];
}

export const sweepCommand: Command = {
  spec,
  async run(options, io) {
    const path = { kind: 'sweep', finetuned: 'finetuned', base: 'base', target: 'target' } as const;
    const request = await lineRequest(path, await readInputs(options, io), grid, options);
    const ownBase = options.value('base') !== null;
    return runScoring(ownBase ? request : { ...request, geometry: false }, options, io);
  },
};
