#!/usr/bin/env node
/** Entry of the command line: connects `run` to the process. */
import { Interruption } from './interruption.js';
import { run } from './run.js';

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error; // the reader (head, less) has seen enough: the work and its exit code go on
  });
}

function write(stream: NodeJS.WriteStream, text: string): void {
  if (stream.writable) stream.write(text);
}

const stderr = (text: string): void => write(process.stderr, text);
const interruption = new Interruption(
  (text) => stderr(process.stderr.isTTY ? `\n${text}` : text),
  (code) => process.exit(code),
);
process.on('SIGINT', () => interruption.interrupt('SIGINT'));
process.on('SIGTERM', () => interruption.interrupt('SIGTERM'));

void run(process.argv.slice(2), {
  stdout: (text) => write(process.stdout, text),
  stderr,
  interactive: process.stderr.isTTY,
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  signal: interruption.signal,
  onKill: interruption.onKill,
}).then((code) => (process.exitCode = code));
