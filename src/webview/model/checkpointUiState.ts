export const checkpointNotes = ['findings', 'files'] as const;
export type CheckpointNote = (typeof checkpointNotes)[number];

/** What a person set in the checkpoint panel; kept by VS Code while the panel is hidden. */
export interface CheckpointUiState {
  readonly text: string;
  /** Keys of expanded groups. */
  readonly expanded: readonly string[];
  readonly note: CheckpointNote | null;
  readonly scrollTop: number;
}

export const initialCheckpointUiState: CheckpointUiState = { text: '', expanded: [], note: null, scrollTop: 0 };

/** The saved state as far as it makes sense. */
export function restoreCheckpointUiState(saved: unknown): CheckpointUiState {
  if (typeof saved !== 'object' || saved === null) return initialCheckpointUiState;
  const { text, expanded, note, scrollTop } = saved as Readonly<Record<string, unknown>>;
  return {
    text: typeof text === 'string' ? text : '',
    expanded: Array.isArray(expanded) ? expanded.filter((key) => typeof key === 'string') : [],
    note: checkpointNotes.find((known) => known === note) ?? null,
    scrollTop: typeof scrollTop === 'number' && scrollTop >= 0 ? scrollTop : 0,
  };
}
