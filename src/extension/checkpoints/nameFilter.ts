/** Returns whether a name holds every word of `filter`, in any order and letter case. An empty filter lets all pass. */
export function nameFilter(filter: string): (name: string) => boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (name) => {
    const lower = name.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
}
