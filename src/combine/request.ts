import type { Dtype } from '../checkpoint/index.js';
import type { MapRule, PrefixRule } from '../compare/report/index.js';
import type { Combination } from './combination.js';
import type { ScaleRule } from './scaleRule.js';

/** Dtypes that a combination can be stored in. */
export const outputDtypes = ['F64', 'F32', 'F16', 'BF16'] as const;
export type OutputDtype = (typeof outputDtypes)[number];

/** Whether values of a dtype are combined. */
export function isCombinable(dtype: Dtype): boolean {
  return (outputDtypes as readonly Dtype[]).includes(dtype);
}

export const settingsChoices = ['merged', 'finetuned', 'target'] as const;
export type SettingsChoice = (typeof settingsChoices)[number];

/** A checkpoint that takes part, by its role in the formula. */
export interface RequestedInput {
  readonly role: string;
  readonly path: string;
  /** What the input has to be: a saved diff vector is not a model version. */
  readonly expect: 'any' | 'checkpoint' | 'diff-vector';
}

/** Everything a user decides about a combination. */
export interface CombineRequest {
  readonly combination: Combination;
  /** One for each name in the formula. */
  readonly inputs: readonly RequestedInput[];
  /** Folder to be made. */
  readonly output: string;
  /** Replace the scale of the formula's last step, of all tensors or by name. */
  readonly scales: readonly ScaleRule[];
  /** Patterns of tensor names. With `include`, only tensors that fit one take part; `exclude` takes out of these. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly vocabulary: 'tokens' | 'rows';
  /** Null: as the template stores each tensor; float32 for a diff vector. */
  readonly dtype: OutputDtype | null;
  /** Bytes of tensor data per file; null: the template's shards. */
  readonly maxShardSize: number | null;
  /** Copy the template's tensor where another input lacks it or has another shape, instead of refusing. */
  readonly skipMismatched: boolean;
  /** Whose chat template, special tokens and generation settings the output has. */
  readonly chatFrom: 'finetuned' | 'target';
  /**
   * Whose settings of `config.json` the output has where a fine-tune changed its own base's: `merged` takes the fine-tune's
   * where the template agrees with that base, `finetuned` also where it does not, `target` keeps the template's.
   */
  readonly settings: SettingsChoice;
  /** Prefixes of the other inputs' names and what the template calls them; null: propose a map where names differ. */
  readonly prefixMap: readonly PrefixRule[] | null;
  /** The user's rules for the other inputs' names, which come before; absent: none. */
  readonly nameMap?: readonly MapRule[];
  /**
   * Take fused parts in the order that their names say, and square matrices as they are stored, also where values do not confirm it;
   * absent: refuse then.
   */
  readonly trustNames?: boolean;
  /** For the estimate of memory; null: one per processor. */
  readonly workers: number | null;
  /** Replace an output that this tool wrote. */
  readonly overwrite: boolean;
  /** Go on with an interrupted run. */
  readonly resume: boolean;
  /** Whoever writes the output has ended, says the user, whatever its heartbeat says. */
  readonly takeOver?: boolean;
}

/** What all candidates of an evaluation share of a request. */
export type CandidateChoices = Pick<
  CombineRequest,
  'include' | 'exclude' | 'vocabulary' | 'skipMismatched' | 'prefixMap' | 'nameMap' | 'trustNames' | 'settings'
>;

/** These choices and nothing else: a file that they come out of may have more beside them, such as `overwrite`. */
export function candidateChoices(choices: CandidateChoices): CandidateChoices {
  const { include, exclude, vocabulary, skipMismatched, prefixMap, nameMap, trustNames, settings } = choices;
  return { include, exclude, vocabulary, skipMismatched, prefixMap, settings, ...nameChoices(nameMap ?? [], trustNames ?? false) };
}

/** What is said of names beyond prefixes, left out where nothing is. */
export function nameChoices(nameMap: readonly MapRule[], trustNames: boolean): Pick<CombineRequest, 'nameMap' | 'trustNames'> {
  return { ...(nameMap.length > 0 ? { nameMap } : {}), ...(trustNames ? { trustNames } : {}) };
}

/** A request with the defaults of everything that is not given. */
export function combineRequest(given: Pick<CombineRequest, 'combination' | 'inputs' | 'output'> & Partial<CombineRequest>): CombineRequest {
  return {
    scales: [],
    include: [],
    exclude: [],
    vocabulary: 'tokens',
    dtype: null,
    maxShardSize: null,
    skipMismatched: false,
    chatFrom: 'finetuned',
    settings: 'merged',
    prefixMap: null,
    workers: null,
    overwrite: false,
    resume: false,
    ...given,
  };
}
