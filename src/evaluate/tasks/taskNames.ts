import { parse, resolve, sep } from 'node:path';
import { TaskSettingsError } from './taskSettingsError.js';

/**
 * Short names that tell files apart: the file's name without its ending, else with it, else with as many folders as it takes.
 * @throws TaskSettingsError when a file is named twice
 */
export function taskNames(paths: readonly string[]): string[] {
  const spellings = paths.map(spellingsOf);
  return spellings.map((own, i) => {
    const others = spellings.filter((_, k) => k !== i);
    const level = own.findIndex((name, depth) => others.every((other) => other[depth] !== name));
    if (level < 0) throw new TaskSettingsError(`The task ${paths[i]!} is named twice: name each file once.`);
    return own[level]!;
  });
}

/** From the shortest to the whole path. */
function spellingsOf(path: string): string[] {
  const whole = resolve(path);
  const parts = whole.split(sep);
  const tails = parts.map((_, i) => parts.slice(parts.length - 1 - i).join('/'));
  return [parse(whole).name, ...tails];
}
