import type { PrefixRule } from '../names/index.js';
import type { Recipe } from '../recipe/index.js';
import type { Arrangement, Source, Wanted } from './arrangement.js';
import type { MapRule } from './mapRules.js';

/** What takes part: a parameter, or a tensor that is none. */
export interface Matchable {
  readonly name: string;
  /** Null where it is not known. */
  readonly shape: readonly number[] | null;
  /** How its values come about; null where it is only matched as a whole: no values are read, or it is no parameter. */
  readonly values: Recipe | null;
}

/** What a user says of names, beside what they show. */
export interface NameRules {
  /** Null: propose one where names differ. */
  readonly prefixMap: readonly PrefixRule[] | null;
  readonly map: readonly MapRule[];
}

/** What a model's settings say that shapes do not show. Null where they do not. */
export interface HeadFacts {
  readonly modelType: string | null;
  readonly heads: number | null;
  readonly keyValueHeads: number | null;
  readonly headSize: number | null;
}

/** One of A and the values of B that are its own. */
export type Match<Item extends Matchable> = WholeMatch<Item> | RearrangedMatch<Item>;

/** One is the other, by name; their shapes may differ. */
export interface WholeMatch<Item extends Matchable> {
  readonly kind: 'whole';
  readonly a: Item;
  readonly b: Item;
  /** Why, for people: `equal name`, `wrapper removed: _orig_mod`. */
  readonly reason: string;
}

/** The values of A's parameter lie otherwise in B: as part of a tensor, in several, transposed. */
export interface RearrangedMatch<Item extends Matchable> {
  readonly kind: 'rearranged';
  readonly a: Item;
  /** Those of B that the values come of. */
  readonly of: readonly Item[];
  /** B's values in the shape and order of A's. */
  readonly values: Recipe;
  /** Why the names are one; `reason` also says where the values lie. */
  readonly names: string;
  readonly reason: string;
  readonly source: Source;
  readonly wanted: Wanted;
  readonly arrangement: Arrangement;
  /** Index into the questions; null where names and shapes leave nothing open. */
  readonly question: number | null;
}

/**
 * What names and shapes leave open for some matches alike: the order of fused parts, which way round a square matrix is stored. Answered
 * by the values, or by the user's word.
 */
export interface OrderQuestion {
  /** What it is about: `model.layers.*.self_attn.qkv_proj`. */
  readonly subject: string;
  /** Ways to read the values, for people; the first is what names say. */
  readonly candidates: readonly { readonly label: string; readonly arrangement: Arrangement }[];
  /** Indices of the matches. */
  readonly matches: readonly number[];
}

/** Several that could be each other's counterpart, so that none is taken. */
export interface Tie {
  readonly a: readonly string[];
  readonly b: readonly string[];
}

/** Which parameters of two models are each other's. Nothing has been read: it follows from names, shapes and settings. */
export interface Correspondence<Item extends Matchable> {
  /** In the order of A's. */
  readonly matches: readonly Match<Item>[];
  readonly onlyA: readonly Item[];
  readonly onlyB: readonly Item[];
  /** Elements of B's tensors that are used in part. */
  readonly leftOver: readonly { readonly of: Item; readonly elementCount: number }[];
  readonly ties: readonly Tie[];
  readonly questions: readonly OrderQuestion[];
  /** The prefix rules by which names were matched, given or proposed. */
  readonly prefixMap: readonly PrefixRule[];
  readonly unusedPrefixes: readonly PrefixRule[];
  readonly unusedRules: readonly MapRule[];
}
