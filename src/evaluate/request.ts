import type { CandidateChoices, CombineRequest, RequestedInput } from '../combine/index.js';
import type { BosChoice } from '../model/tokenizer/index.js';
import type { WindowSettings } from './tasks/task.js';

/** One model to score: a combination that is formed in memory and never written. */
export interface CandidateRequest {
  /** Unique among the candidates: `α = 0.3`. */
  readonly label: string;
  readonly combination: CombineRequest['combination'];
}

/** Command of the user's that scores a checkpoint; see `outside/`. */
export interface OutsideCommand {
  /** Program and arguments; `{model}` stands for the checkpoint's folder, `{output}` for a file the command may write. */
  readonly command: readonly string[];
  /** Where the number is in the JSON: a path such as `results.gsm8k.exact_match`. */
  readonly value: string;
  readonly higherIsBetter: boolean;
  readonly timeoutSeconds: number | null;
}

export interface EvaluateSettings extends WindowSettings {
  /** `stored`: weights rounded as the saved checkpoint's would be. `f32`: without that rounding. */
  readonly precision: 'stored' | 'f32';
  /** Whether texts begin with a token of the tokenizer's own. */
  readonly bos: BosChoice;
  /** Most bytes for hidden states; longer texts are split into several passes over the weights. Null: a quarter of the memory. */
  readonly memoryBudget: number | null;
  readonly provider: 'cpu' | 'webgpu';
  /** Threads for arithmetic; null: one per processor. */
  readonly threads: number | null;
  /** Folder of results that need not be computed again; null: keep none. */
  readonly cacheFolder: string | null;
}

export interface EvaluateRequest {
  readonly inputs: readonly RequestedInput[];
  readonly candidates: readonly CandidateRequest[];
  /** Paths of `.txt` and `.jsonl` files. */
  readonly tasks: readonly string[];
  /** Scores the candidates too, after the tasks. */
  readonly outside?: OutsideCommand | undefined;
  /** How every candidate is combined; as in `CombineRequest`. */
  readonly choices: CandidateChoices;
  readonly settings: EvaluateSettings;
}

export const defaultSettings: EvaluateSettings = {
  window: null,
  stride: null,
  limit: null,
  precision: 'stored',
  bos: 'auto',
  memoryBudget: null,
  provider: 'cpu',
  threads: null,
  cacheFolder: null,
};
