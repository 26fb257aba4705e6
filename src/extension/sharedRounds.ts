/**
 * Makes of `round` a function that never runs twice at a time: calls that come while it runs share one more round after it.
 * @returns a function whose promise ends when what the caller asked for is done
 */
export function sharedRounds(round: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  const untilQuiet = async (): Promise<void> => {
    do {
      again = false;
      await round();
    } while (again as boolean); // set by calls that came meanwhile
  };
  return () => {
    again = running !== undefined;
    running ??= untilQuiet().finally(() => (running = undefined));
    return running;
  };
}
