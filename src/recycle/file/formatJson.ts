const widest = 160;

/**
 * JSON as people read it: what fits on a line stands on one, everything else has a line for each member, as have lists of
 * objects.
 * @param indent one level of indentation
 */
export function formatJson(value: unknown, indent = '  ', before = ''): string {
  const line = onOneLine(value);
  const isLine = before.length + line.length <= widest && !isListOfObjects(value);
  if (isLine || typeof value !== 'object' || value === null) return line;
  const inner = before + indent;
  const entries = Array.isArray(value)
    ? value.map((item: unknown) => inner + formatJson(item, indent, inner))
    : definedEntries(value).map(([key, member]) => `${inner}${JSON.stringify(key)}: ${formatJson(member, indent, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${entries.join(',\n')}\n${before}${close}`;
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null);
}

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = definedEntries(value).map(([key, member]) => `${JSON.stringify(key)}: ${onOneLine(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function definedEntries(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** The indentation that a JSON text is written with; two spaces when it shows none. */
export function indentationOf(text: string): string {
  return /^[{[][^\S\n]*\r?\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
}
