import { type Measure, measures } from './measure.js';

/** Everything a person set in the connectivity panel; kept by VS Code while the panel is hidden and after a reload. */
export interface ConnectivityUiState {
  readonly task: number;
  /** Null: the first one that the task's scores have. */
  readonly measure: Measure | null;
  readonly asTable: boolean;
  readonly sort: { readonly column: string; readonly descending: boolean } | null;
  readonly findingsOpen: boolean;
}

export const initialConnectivityUiState: ConnectivityUiState = {
  task: 0,
  measure: null,
  asTable: false,
  sort: null,
  findingsOpen: false,
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function restoreSort(saved: unknown): ConnectivityUiState['sort'] {
  if (!isObject(saved) || typeof saved['column'] !== 'string') return null;
  return { column: saved['column'], descending: saved['descending'] === true };
}

/** The saved state as far as it makes sense. */
export function restoreConnectivityUiState(saved: unknown): ConnectivityUiState {
  if (!isObject(saved)) return initialConnectivityUiState;
  const task = saved['task'];
  return {
    task: typeof task === 'number' && Number.isInteger(task) && task >= 0 ? task : 0,
    measure: measures.find((measure) => measure === saved['measure']) ?? null,
    asTable: saved['asTable'] === true,
    sort: restoreSort(saved['sort']),
    findingsOpen: saved['findingsOpen'] === true,
  };
}
