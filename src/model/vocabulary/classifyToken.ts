/**
 * What becomes of a token's row when versions with different vocabularies are combined.
 *
 * A difference is known only for tokens that both of its sides have. For a transfer, T target, F fine-tuned, B base:
 *
 * | T | F | B |                        | row of the result                                              |
 * |---|---|---|------------------------|----------------------------------------------------------------|
 * | ✓ | ✓ | ✓ | `combined`             | T + λ·(F − B), each version by its own row                     |
 * | ✓ | – | ? | `kept`                 | T's: the fine-tune does not have the token                     |
 * | ✓ | ✓ | – | `without-difference`   | T's: T and F each learned the token, and nothing says how F's  |
 * |   |   |   |                        | would differ in T's surroundings                               |
 * | – | ✓ | – | `added`                | F's, as it is whatever λ > 0: there is nothing to add it to    |
 * | – | ✓ | ✓ | `added` if a special   | F's: the chat template may depend on it                        |
 * |   |   |   | token of F, else       |                                                                |
 * |   |   |   | `left-out`             | none: the target gave the word up, its tokenizer never uses it |
 * | – | – | ? | `left-out`             | none                                                           |
 *
 * In other formulas every input has to have the token for `combined`, and whatever is added with a positive scale is a
 * possible source of tokens, in order; one that is added without a base (`0.5·a + 0.5·b`) brings all its tokens. A
 * saved diff vector counts as F and B in one: rows that it took over whole are tokens that its base did not have.
 */
export type TokenFate = 'combined' | 'kept' | 'without-difference' | 'added' | 'left-out';

/** A version that a positive step adds to the template, and what the step subtracts from it. Indices of inputs. */
export interface Contributor {
  readonly plus: number;
  readonly minus: number | null;
}

/** What is known of one token in each input. */
export interface TokenPresence {
  readonly has: readonly boolean[];
  /** Saved diff vectors: the token's row is F's row itself, not a difference. */
  readonly isWhole: readonly boolean[];
  /** Saved diff vectors in general. */
  readonly isDifference: readonly boolean[];
  readonly isSpecial: readonly boolean[];
}

export interface Classified {
  readonly fate: TokenFate;
  /** For `added`: the input whose row it is. */
  readonly from: number | null;
}

/** The decision of the table above for one token. */
export function classifyToken(presence: TokenPresence, template: number, contributors: readonly Contributor[]): Classified {
  const { has, isWhole } = presence;
  const isWanted = contributors.some(({ plus }) => has[plus]);
  if (has[template]) {
    if (has.every((present, input) => present && !isWhole[input])) return { fate: 'combined', from: null };
    return { fate: isWanted ? 'without-difference' : 'kept', from: null };
  }
  const source = contributors.find((contributor) => introduces(contributor, presence));
  return source === undefined ? { fate: 'left-out', from: null } : { fate: 'added', from: source.plus };
}

function introduces({ plus, minus }: Contributor, { has, isWhole, isDifference, isSpecial }: TokenPresence): boolean {
  if (!has[plus]) return false;
  if (isDifference[plus]) return isWhole[plus]!;
  return minus === null || !has[minus] || isSpecial[plus]!;
}
