/** Devices of DOS: Windows opens these whatever folder and ending stand around the name. */
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)$/iu;

/**
 * Why Windows has no file or folder of a name (one step of a path), as a clause; null where it may have.
 * Source: "Naming Files, Paths, and Namespaces" of the Windows documentation.
 */
export function problemOnWindows(name: string): string | null {
  const [stem = ''] = name.split('.');
  if (device.test(stem.trimEnd())) return `"${stem.trimEnd()}" is the name of a device there`;
  const forbidden = Array.from(name).find((character) => '<>:"|?*\\/'.includes(character) || character.codePointAt(0)! < 0x20);
  if (forbidden !== undefined) return `it holds ${JSON.stringify(forbidden)}`;
  return /[. ]$/u.test(name) && name !== '.' && name !== '..' ? 'it ends in a dot or a space, which Windows takes away' : null;
}
