#!/usr/bin/env node
/** Entry of the command line: connects `run` to the process. */
import { isDiskFull } from '../compute/index.js';
import { Interruption } from './interruption.js';
import { run } from './run.js';
import { endBySignal } from '../base/process/processGroup.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return; // the reader (head, less) has seen enough: the work and its exit code go on
  stderr(`model-rebase: The result cannot be written to stdout: ${isDiskFull(error) ? 'the disk is full' : error.message}.\n`);
  process.exitCode = 2;
});
process.stderr.on('error', () => undefined); // nobody can be told; the result is not concerned

function write(stream: NodeJS.WriteStream, text: string): void {
  if (stream.writable) stream.write(text);
}

const stderr = (text: string): void => write(process.stderr, text);
const interruption = new Interruption((text) => stderr(process.stderr.isTTY ? `\n${text}` : text), endBySignal);
process.on('SIGINT', () => interruption.interrupt('SIGINT'));
process.on('SIGTERM', () => interruption.interrupt('SIGTERM'));

void run(process.argv.slice(2), {
  stdout: (text) => write(process.stdout, text),
  stderr,
  interactive: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  signal: interruption.signal,
  onKill: interruption.onKill,
}).then((code) => (process.exitCode ??= code));
