/** A test for names that contain every word of the text, in any case; null when there is nothing to test for. */
export function wordFilter(text: string): ((name: string) => boolean) | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  return (name) => {
    const lower = name.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}
