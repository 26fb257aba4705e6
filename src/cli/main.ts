#!/usr/bin/env node
/** Entry of the command line: connects `run` to the process. */
import { run } from './run.js';

const cancellation = new AbortController();
process.once('SIGINT', () => cancellation.abort());
process.once('SIGTERM', () => cancellation.abort());
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0); // the reader (head, less) has seen enough
    throw error;
  });
}

void run(process.argv.slice(2), {
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY,
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  signal: cancellation.signal,
}).then((code) => (process.exitCode = code));
