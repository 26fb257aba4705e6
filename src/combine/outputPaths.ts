/** Folder beside the output in which it is made. */
export function partialPath(output: string): string {
  return `${output}.partial`;
}

/** Where an output that is being replaced waits until its successor has the name. */
export function replacedPath(output: string): string {
  return `${output}.replaced`;
}
