import { join, relative } from 'node:path';
import { FileAccessError, FormatError } from '../base/formatError.js';
import { shortList } from '../base/nameList.js';
import { addressOfPart } from './address.js';
import { isOfWeights } from './addressesIn.js';
import { discoverCheckpoints } from './discoverCheckpoints.js';
import { describeContents } from './folderContents.js';
import { downloadRemedy } from './hubCache.js';
import type { FolderReading } from './readFolder.js';
import type { WeightSet } from './weightSets.js';

/** Nothing says which of several checkpoints is meant. @param addresses of all of them */
export function notOneCheckpoint({ folder, components }: FolderReading, addresses: readonly string[], address: string): FileAccessError {
  const parts = (components ?? []).map((name) => addressOfPart(address, name));
  const all = [...parts, ...addresses];
  return new FileAccessError({
    file: folder,
    problem: components === null ? 'folder holds several checkpoints' : 'folder is a pipeline of several models',
    expected: 'one model',
    actual: `${all.length}`,
    remedy: `Name one of them: ${shortList(all, 5)}.${components === null ? ` To read files as one checkpoint, name their pattern: ${addressOfPart(address, '*')}.` : ''}`,
  });
}

export function noSuchPart(address: string, part: string, addresses: readonly string[]): FileAccessError {
  return new FileAccessError({
    file: address,
    problem: `it has no part called ${part}, or several`,
    actual: addresses.length === 0 ? 'no parts' : shortList(addresses, 5),
    remedy: addresses.length === 0 ? 'Leave the part out.' : 'Name one of these.',
  });
}

/** Why a set cannot be read. @param others addresses of what else is there */
export function describeUnusable(
  { kind, files, missing, index }: WeightSet,
  folder: string,
  others: readonly string[],
): FormatError | FileAccessError {
  if (kind === 'file' && files.length === 0) return deadLinks(folder, missing);
  const instead = others.length === 0 ? '' : ` Or open what else is there: ${shortList(others)}.`;
  const reading = index?.reading;
  if (reading instanceof FormatError)
    return new FormatError({ ...reading.fault, remedy: reading.fault.remedy + instead }, { cause: reading });
  if (reading instanceof FileAccessError) return reading;
  const [first = ''] = missing;
  const [tensor] = [...(reading?.fileOf ?? [])].find(([, file]) => file === first) ?? [];
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
  return new FormatError({
    file: reading?.file ?? join(folder, 'config.json'),
    ...(tensor === undefined ? {} : { tensor }),
    problem: index === null ? 'transformers_weights names a file that is not there' : 'index names a file that is not there',
    expected: `a file ${join(folder, first)}${more}`,
    actual: files.length === 0 ? 'none of its files' : `${files.length} of ${files.length + missing.length} files`,
    remedy: `${downloadRemedy(folder) ?? 'Finish the download, or put the missing file where the index says'}.${instead}`,
  });
}

/** A JSON file that is no index of weights. */
export function notWeights(file: string, folder: string): FileAccessError {
  return new FileAccessError({
    file,
    problem: 'it is no index of weights',
    expected: 'weights, or an index with a "weight_map"',
    remedy: `Name the folder ${folder}, or a file that holds weights.`,
  });
}

/** A folder without weights that are read: what it holds instead, and what to name or to run. */
export async function noWeights(reading: FolderReading): Promise<FileAccessError> {
  const { folder, listing } = reading;
  const dead = listing.others.filter(isOfWeights);
  if (dead.length > 0) return deadLinks(folder, dead);
  const { holds, remedy } = describeContents(folder, listing);
  const below = (await discoverCheckpoints(folder, { maximumDepth: 2 })).paths;
  const suggestion =
    below.length === 0
      ? ''
      : ` Checkpoints in it: ${shortList(
          below.map((path) => relative(folder, path)),
          5,
        )}.`;
  return new FileAccessError({
    file: folder,
    problem: 'folder holds no weights that are read',
    expected: 'files of weights (safetensors, PyTorch), or their index',
    actual: holds,
    remedy: remedy + suggestion,
  });
}

function deadLinks(folder: string, names: readonly string[]): FileAccessError {
  return new FileAccessError({
    file: join(folder, names[0]!),
    problem: 'no file: a link that leads nowhere, a pipe or a device',
    ...(names.length === 1 ? {} : { actual: `${names.length} of these` }),
    remedy: `${downloadRemedy(folder) ?? 'Restore what the link points to, or delete it'}.`,
  });
}
