import { lstat, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isRecord } from '../../base/json/record.js';
import { readJsonObject } from '../../base/json/readJson.js';
import { inspectPlace, partialPath, type Occupant } from '../../base/ownership/occupant.js';
import { describeOwner } from '../../base/ownership/owner.js';
import { jobPaths } from '../outputPaths.js';
import { combineRequest, type CombineRequest } from '../request.js';
import { obstacleOfOld } from './leftPartial.js';

/** An output that is being written, or was begun and can be resumed or removed. */
export interface KeptPartial {
  /** The folder that it becomes. */
  readonly output: string;
  /** Who writes it at this moment (`process 4711 on gpu-7, since …`); null when nobody does, so that it may be resumed or removed. */
  readonly writer: string | null;
  /** What was asked for, for `combine/plan`; null where an earlier version left it: whoever chooses the same models again resumes it. */
  readonly request: CombineRequest | null;
  /** Bytes on the disk so far. */
  readonly byteLength: number;
}

/** The outputs in the making, or left half made, whose places lie in a folder, by name. Folders of others are none. */
export async function keptPartialsIn(folder: string): Promise<KeptPartial[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(partialPath('')) && name !== partialPath(''));
  const found = await Promise.all(names.sort().map((name) => keptPartial(join(folder, name.slice(0, -partialPath('').length)))));
  return found.filter((partial) => partial !== null);
}

/** What was begun of an output; null when nothing was, or what lies there is somebody's own. */
export async function keptPartial(path: string): Promise<KeptPartial | null> {
  const output = resolve(path);
  const found = await inspectPlace(output).catch(() => null);
  if (found === null || found.kind === 'free') return null;
  if (found.kind === 'foreign') return oldPartial(output);
  const { occupant } = found;
  const made = jobPaths(occupant.folder);
  const byteLength = await bytesIn(made.output);
  const writer = writerOf(occupant);
  if (byteLength === null && writer === null) return null;
  return { output, writer, request: await readRequest(made.request, output), byteLength: byteLength ?? 0 };
}

async function oldPartial(output: string): Promise<KeptPartial | null> {
  if ((await obstacleOfOld(output, { resume: true })) !== null) return null;
  const byteLength = await bytesIn(partialPath(output));
  return byteLength === null || byteLength === 0 ? null : { output, writer: null, request: null, byteLength };
}

function writerOf({ life, owner, silenceMs }: Occupant): string | null {
  if (life !== 'alive') return null;
  return owner === null ? 'another process' : describeOwner(owner, silenceMs);
}

/** Null where no request can be read: then it has to be made again. Where it lies decides what is written, whatever it says. */
async function readRequest(path: string, output: string): Promise<CombineRequest | null> {
  const request = await readJsonObject(path).catch(() => null);
  return request !== null && isRequest(request) ? combineRequest({ ...request, output, resume: true, overwrite: false }) : null;
}

/** Checks what tells a request from other JSON; the plan is made from it, and shown, before anything runs. */
function isRequest(value: object): value is CombineRequest {
  const { combination, inputs } = value as Partial<Record<keyof CombineRequest, unknown>>;
  const isInput = (input: unknown): boolean => isRecord(input) && typeof input['role'] === 'string' && typeof input['path'] === 'string';
  return isRecord(combination) && Array.isArray(combination['steps']) && Array.isArray(inputs) && inputs.every(isInput);
}

/** Files have their full length at once, so their blocks tell what is written. Null when there is nothing. */
async function bytesIn(folder: string): Promise<number | null> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return null;
  const stats = await Promise.all(names.map((name) => lstat(join(folder, name)).catch(() => null)));
  return stats.reduce((sum, file) => sum + (file?.isFile() === true ? file.blocks * 512 : 0), 0);
}
