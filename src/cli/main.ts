#!/usr/bin/env node
/** Entry of the command line: connects `run` to the process. */
import { run } from './run.js';

const cancellation = new AbortController();
process.once('SIGINT', () => cancellation.abort());
process.once('SIGTERM', () => cancellation.abort());
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error; // the reader (head, less) has seen enough: the work and its exit code go on
  });
}

function write(stream: NodeJS.WriteStream, text: string): void {
  if (stream.writable) stream.write(text);
}

void run(process.argv.slice(2), {
  stdout: (text) => write(process.stdout, text),
  stderr: (text) => write(process.stderr, text),
  interactive: process.stderr.isTTY,
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  signal: cancellation.signal,
}).then((code) => (process.exitCode = code));
