const delayMs = 200;

/** Saves once things have come to rest: what is scrolled changes many times a second. */
export class DelayedSave {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly save: () => void) {}

  soon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.save, delayMs);
  }
}
