import type { TokenizerVocabulary } from './tokenizerVocabulary.js';

/** A special or added token that a fine-tune gave another name, in the base's row. */
export interface RenamedToken {
  readonly from: string;
  readonly to: string;
}

/** Names of rows that are kept for later: nobody learned anything in them. */
const placeholder = /reserved|unused|dummy|placeholder|extra_id|special_?\d|control_\d|pad_?\d/i;

/**
 * Tokens that a fine-tune renamed, as `<|reserved_special_token_0|>` into `<|im_start|>`: one row has another added token in the
 * base, which neither has elsewhere. Only names that the target has before, and not after, say what the output calls its row.
 * On a line between two versions, where the base is the target, each may have added a token of its own: then only a placeholder
 * counts as renamed.
 */
export function renamedTokens(
  finetuned: TokenizerVocabulary,
  base: TokenizerVocabulary,
  target: TokenizerVocabulary,
  isLine: boolean,
): RenamedToken[] {
  return [...finetuned.added.keys()].flatMap((to) => {
    const from = base.tokenOf(finetuned.idOf.get(to)!);
    const isRenamed = from !== null && from !== to && base.added.has(from) && !base.idOf.has(to) && !finetuned.idOf.has(from);
    if (!isRenamed || !target.added.has(from) || target.idOf.has(to)) return [];
    return !isLine || placeholder.test(from) ? [{ from, to }] : [];
  });
}
