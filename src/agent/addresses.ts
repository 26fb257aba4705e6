/** What a parameter says of an address. */
export const addressHelp =
  'a checkpoint: a file of weights, a folder that holds one, or PATH#PART for one of several in a folder. Relative to the folder that is open.';

export const patternHelp = '* is any text, ? one character, {0..11} a number, {q,k,v} one of these. The whole name has to fit.';
