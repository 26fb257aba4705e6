import { join } from 'node:path';
export { partialPath } from '../base/ownership/occupant.js';

/** Where earlier versions moved an output while it was being replaced. */
export function replacedPath(output: string): string {
  return `${output}.replaced`;
}

/** What lies in the folder of a job that makes an output. */
export interface JobPaths {
  /** The output in the making. */
  readonly output: string;
  /** An output that is being replaced, until its successor has the name. */
  readonly replaced: string;
  /** What the user asked for, so that it can be resumed. */
  readonly request: string;
  /** A file in the making that takes the place of one of the output's. */
  readonly renewed: string;
}

export function jobPaths(folder: string): JobPaths {
  return {
    output: join(folder, 'output'),
    replaced: join(folder, 'replaced'),
    request: join(folder, 'request.json'),
    renewed: join(folder, 'renewed'),
  };
}
