import type { OpenShard, RepeatedTensor } from './collectTensors.js';
import type { Finding } from './finding.js';
import { quoteName } from '../base/formatError.js';
import type { ShardIndex } from './shardIndex.js';
import { plural } from '../base/format.js';
import { nameList } from '../base/nameList.js';

const rewrite = 'Save the model again so that its index is rewritten.';

/** What is odd about the files of a checkpoint: no tensors, tensors in several places, an index that says otherwise. */
export function checkFiles(
  path: string,
  opened: readonly OpenShard[],
  repeated: readonly RepeatedTensor[],
  index: ShardIndex | null,
): Finding[] {
  return [...checkEmpty(path, opened), ...checkRepeated(opened, repeated), ...(index === null ? [] : checkIndex(index, opened))];
}

function checkEmpty(file: string, opened: readonly OpenShard[]): Finding[] {
  if (opened.some(({ contents }) => contents.tensors.length + contents.views.length > 0)) return [];
  return [{ severity: 'warning', code: 'no-tensors', message: 'The file is valid but holds no tensors.', file }];
}

/** Where the index and the shards' headers disagree. */
function checkIndex(index: ShardIndex, opened: readonly OpenShard[]): Finding[] {
  const files = filesByTensor(opened);
  const listed = [...index.fileOf];
  const absent = listed.filter(([name]) => !files.has(name)).map(([name]) => name);
  const misplaced = listed.filter(([name, file]) => files.get(name)?.includes(file) === false).map(([name]) => name);
  const unlisted = [...files.keys()].filter((name) => !index.fileOf.has(name));
  const finding = (code: string, severity: Finding['severity'], names: readonly string[], says: string): Finding[] =>
    names.length === 0 ? [] : [{ severity, code, message: `${says}: ${nameList(names)}. ${rewrite}`, tensor: names[0]!, file: index.file }];
  return [
    ...finding('index-tensor-absent', 'error', absent, `The index names ${plural(absent.length, 'tensor')} that no shard holds`),
    ...finding(
      'index-wrong-shard',
      'warning',
      misplaced,
      `${plural(misplaced.length, 'tensor')} in another shard than the index says, read from there`,
    ),
    ...finding(
      'index-tensor-unlisted',
      'warning',
      unlisted,
      `The shards hold ${plural(unlisted.length, 'tensor')} that the index does not name`,
    ),
    ...checkTotalSize(index, opened),
  ];
}

function filesByTensor(opened: readonly OpenShard[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, string[]>();
  for (const { file, contents } of opened) {
    for (const { name } of [...contents.tensors, ...contents.views]) files.set(name, [...(files.get(name) ?? []), file]);
  }
  return files;
}

function checkTotalSize(index: ShardIndex, opened: readonly OpenShard[]): Finding[] {
  const actual = opened.reduce(
    (sum, { contents }) =>
      contents.tensors.reduce((bytes, tensor) => bytes + (tensor.sharedWith === undefined ? tensor.byteLength : 0), sum),
    0,
  );
  if (index.totalSize === null || index.totalSize === actual) return [];
  const message = `The index says total_size ${index.totalSize}, but the shards hold ${actual} bytes of tensors. ${rewrite}`;
  return [{ severity: 'warning', code: 'index-total-size', message, file: index.file }];
}

/** Names that occur more than once, in one header or in several shards. */
function checkRepeated(opened: readonly OpenShard[], repeated: readonly RepeatedTensor[]): Finding[] {
  return [
    ...opened.flatMap(checkHeaderNames),
    ...repeated.slice(0, 20).map((tensor) => describeRepeated(tensor, opened)),
    ...rest(repeated.length - 20),
  ];
}

function checkHeaderNames({ shard, contents: { repeatedNames } }: OpenShard): Finding[] {
  const [tensor] = repeatedNames;
  if (tensor === undefined) return [];
  const message = `The header lists ${plural(repeatedNames.length, 'name')} more than once: ${nameList(repeatedNames)}. The last entry is used, as safetensors does.`;
  return [{ severity: 'error', code: 'header-repeated-name', message, tensor, file: shard.path }];
}

function describeRepeated({ name, shards, used }: RepeatedTensor, opened: readonly OpenShard[]): Finding {
  const files = shards.map((shard) => opened[shard]!.file);
  const { shard, file: usedFile } = opened[used]!;
  const message = `${quoteName(name)} is in ${files.length} shards (${files.slice(0, 5).join(', ')}). The copy in ${usedFile} is used; remove the other.`;
  return { severity: 'error', code: 'tensor-in-several-shards', message, tensor: name, file: shard.path };
}

function rest(number: number): Finding[] {
  if (number <= 0) return [];
  const message = `${plural(number, 'more tensor')} in several shards.`;
  return [{ severity: 'error', code: 'tensor-in-several-shards', message }];
}
