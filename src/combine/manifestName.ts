/** The file that says how an output was made, by which the tool knows its own outputs. */
export const manifestName = 'model-rebase.json';
