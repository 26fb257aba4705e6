/** Characters as people count them: none is cut through. */
function charactersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** A text cut so that `head` characters of its start stay, and of its end what fits; `most` in all. */
function cut(text: string, head: number, most: number): string {
  const characters = charactersOf(text);
  if (characters.length <= most) return text;
  const tail = most - 1 - head;
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - tail).join('')}`;
}

/**
 * Names cut to `most` characters in their middle, or elsewhere where only that tells them apart: versions of one model
 * differ near their ends.
 */
export function shortenedApart(names: readonly string[], most: number): string[] {
  const room = Math.max(3, most);
  const middle = Math.floor((room - 1) / 2);
  const heads = Array.from({ length: room }, (_, head) => head).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  const different = new Set(names).size;
  const cuts = heads.map((head) => names.map((name) => cut(name, head, room)));
  return cuts.find((labels) => new Set(labels).size === different) ?? names.map((name) => cut(name, middle, room));
}

/** The text in lines of at most `width`; words that are longer than a line are broken. `measure` gives the width of a text. */
export function wrappedLines(text: string, width: number, measure: (text: string) => number): string[] {
  const lines = [''];
  for (const piece of text.split(/(?<= )|(?<=[-/_])/).flatMap((word) => (measure(word) > width ? charactersOf(word) : [word]))) {
    const longer = (lines.at(-1) ?? '') + piece;
    if (measure(longer.trimEnd()) <= width || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
}
