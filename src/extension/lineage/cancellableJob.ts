import { type JobHandle, withJobNotification } from '../kit/jobNotification.js';

/** Runs a job with a notification that shows how far it is. @returns undefined when the user cancelled it */
export async function cancellableJob<Result>(title: string, job: (handle: JobHandle) => Promise<Result>): Promise<Result | undefined> {
  let isCancelled = (): boolean => false;
  try {
    return await withJobNotification(title, (handle) => {
      isCancelled = () => handle.signal.aborted;
      return job(handle);
    });
  } catch (error) {
    if (isCancelled()) return undefined;
    throw error;
  }
}
