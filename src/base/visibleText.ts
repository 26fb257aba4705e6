/**
 * Controls (Cc), formats (Cf: what turns the direction of text around), line and paragraph separators, halves of surrogate
 * pairs, and whatever else Unicode lets a renderer leave out (variation selectors, fillers, tags).
 */
const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const invisibleInLines = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A name as it really is: names are strangers' input, and characters that hide or reorder text, or that a terminal takes for
 * a command, are written as JSON escapes (`\u202e`). So a JSON text stays the same JSON.
 */
export function visibleText(text: string): string {
  return text.replace(invisible, escapeUnits);
}

/** The same for text of several lines: line feeds and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(invisibleInLines, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
