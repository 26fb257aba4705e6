/** Measurements inside the page. */

/** The first element that matches, through all open shadow roots. */
export function findDeep(selector: string, root: ParentNode = document): Element | null {
  for (const element of root.querySelectorAll('*')) {
    if (element.matches(selector)) return element;
    const inside = element.shadowRoot && findDeep(selector, element.shadowRoot);
    if (inside) return inside;
  }
  return null;
}

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

/** Milliseconds from `start` until the first row of the table has been painted. */
export async function timeToFirstRow(start: number): Promise<number> {
  while (!findDeep('[role=row][aria-rowindex="2"]')) await nextFrame();
  // The callback of the next frame runs after the frame that painted the row.
  return (await nextFrame()) - start;
}

export interface FrameTimes {
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
}

/** Scrolls the table by `step` pixels in each of `frames` frames, and returns the milliseconds between frames. */
export async function scrollFrames(frames: number, step: number): Promise<FrameTimes> {
  const viewport = findDeep('.viewport');
  if (!viewport) throw new Error('There is no table to scroll.');
  const times: number[] = [];
  let last = await nextFrame();
  for (let frame = 0; frame < frames; frame++) {
    viewport.scrollTop += step;
    const now = await nextFrame();
    times.push(now - last);
    last = now;
  }
  times.sort((one, other) => one - other);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN;
  return { median: at(0.5), p95: at(0.95), worst: at(1) };
}
