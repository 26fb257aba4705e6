/** Settings or names of tasks that cannot be followed. The message says which, and what would do. */
export class TaskSettingsError extends Error {
  override readonly name = 'TaskSettingsError';
}
