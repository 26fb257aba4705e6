import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A term of a sum behind its base. */
export interface AddressTerm {
  readonly address: string;
  readonly scale: number;
}

/**
 * What an address names: one checkpoint, or a base and the adapters that are applied to it in order:
 * `BASE+ADAPTER1*0.5+ADAPTER2`. Each term is an address by itself (`PATH#PART`); a term without a factor has scale 1.
 */
export interface AddressSum {
  readonly base: string;
  /** Empty for an address of one checkpoint. */
  readonly adapters: readonly AddressTerm[];
}

/**
 * Takes a sum apart. The longest term that exists wins, so that names of files and folders may hold a plus and a star. Where no
 * beginning of the text exists, all of it is the base.
 * @param folder that relative paths start from
 */
export function parseSum(text: string, folder = '.'): AddressSum {
  const isThere = (address: string): boolean => exists(address, folder);
  const end = text.includes('+') ? endOfTerm(text, isThere) : text.length;
  const base = text.slice(0, end ?? text.length);
  return { base, adapters: end === null ? [] : parseTerms(text.slice(end + 1), isThere) };
}

function parseTerms(text: string, isThere: (address: string) => boolean): AddressTerm[] {
  const terms: AddressTerm[] = [];
  for (let rest = text; rest !== '';) {
    const end = endOfTerm(rest, (term) => isThere(parseTerm(term, isThere).address)) ?? firstPlus(rest);
    terms.push(parseTerm(rest.slice(0, end), isThere));
    rest = rest.slice(end + 1);
  }
  return terms;
}

/** Where the longest term that is there ends: at a plus, or the end of the text. Null when none is there. */
function endOfTerm(text: string, accepts: (term: string) => boolean): number | null {
  for (let end = text.length; end > 0; end = text.lastIndexOf('+', end - 1)) {
    if (accepts(text.slice(0, end))) return end;
  }
  return null;
}

function firstPlus(text: string): number {
  const at = text.indexOf('+');
  return at < 0 ? text.length : at;
}

const factor = /^(.+?)\*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;

function parseTerm(text: string, isThere: (address: string) => boolean): AddressTerm {
  const [, address, scale] = factor.exec(text) ?? [];
  const isPartOfName = !text.includes('#') && isThere(text);
  return address === undefined || isPartOfName ? { address: text, scale: 1 } : { address, scale: Number(scale) };
}

/** Whether there is something at an address of one checkpoint: its path without any part. A part holds no plus. */
function exists(text: string, folder: string): boolean {
  if (text === '') return false;
  const firstPart = text.lastIndexOf('+') + 1;
  for (let end = text.length; end >= firstPart && end > 0; end = text.lastIndexOf('#', end - 1)) {
    if (existsSync(resolve(folder, text.slice(0, end)))) return true;
  }
  return false;
}

/** The address of a sum. `parseSum` takes it apart again. */
export function addressOfSum({ base, adapters }: AddressSum): string {
  return [base, ...adapters.map(({ address, scale }) => (scale === 1 ? address : `${address}*${scale}`))].join('+');
}

/** An address with other paths: those of its terms, each made anew. */
export function mapTerms(text: string, map: (address: string) => string, folder = '.'): string {
  const { base, adapters } = parseSum(text, folder);
  return addressOfSum({ base: map(base), adapters: adapters.map(({ address, scale }) => ({ address: map(address), scale })) });
}

/** An address whose paths are absolute. @param folder that its relative ones start from */
export function resolveAddress(text: string, folder = '.'): string {
  return mapTerms(text, (address) => resolve(folder, address), folder);
}

/**
 * The absolute address that a file means, which names it relative to its folder. Where it names absolute paths, which may be a
 * stranger's and another machine's, nothing is looked at.
 */
export function addressInFile(text: string, folder: string): string {
  if (text.split('+').every((piece) => !startsAbsolute.test(piece))) return resolveAddress(text, folder);
  const { base, adapters } = splitSum(text);
  return addressOfSum({ base: resolve(folder, base), adapters });
}

const startsAbsolute = /^(?:[/\\]|[A-Za-z]:[/\\])/;

/** As `parseSum`, by the text alone: behind a plus that joins terms an absolute path follows, as in every address that is handed on. */
export function splitSum(text: string): AddressSum {
  const [base = '', ...terms] = text.split(/\+(?=[/\\]|[A-Za-z]:[/\\])/);
  return { base, adapters: terms.map(splitTerm) };
}

function splitTerm(text: string): AddressTerm {
  const [, address = text, scale = '1'] = factor.exec(text) ?? [];
  return { address, scale: Number(scale) };
}
