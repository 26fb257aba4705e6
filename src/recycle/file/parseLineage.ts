import { bosChoices } from '../../model/tokenizer/index.js';
import { JsonField } from './jsonField.js';
import {
  dateNames,
  modelRoles,
  releaseStates,
  strategies,
  type DeltaInUse,
  type Fingerprint,
  type Lineage,
  type RecordedScore,
  type Release,
} from './lineage.js';
import { LineageError } from './lineageError.js';
import { JsonScanner } from '../../base/json/jsonScanner.js';
import { parseJsonText } from '../../base/json/record.js';

export const releaseName = /^[\p{L}\p{N}][\p{L}\p{N} ._+-]{0,99}$/u;
const sha256 = /^[0-9a-f]{64}$/;
const identity = /^[0-9a-f]{16}$/;
const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const isFormat = 'Only files that begin with "format": "model-rebase.lineage" and "version": 1 are lineages of this program.';

/**
 * Reads a lineage file. Fields that it does not know are left to their owner.
 * @param file its path, for messages
 * @throws LineageError naming the place in the file, what was expected, what was found, and the remedy
 */
export function parseLineage(text: string, file: string): Lineage {
  const root = new JsonField(file, '', parseJson(text, file));
  const lineage: Lineage = {
    format: root.member('format').oneOf(['model-rebase.lineage'], isFormat),
    version: root.member('version').oneOf([1], isFormat),
    strategy: root.member('strategy').oneOf(strategies),
    tasks: root.member('tasks').optional((tasks) => tasks.list().map((task) => task.text()), []),
    scoring: root.member('scoring').optional(readScoring, { window: null, stride: null, limit: null }),
    command: root.member('command').optional(readCommand, null),
    releases: root.member('releases').list().map(readRelease),
  };
  requireDistinctNames(root, lineage);
  requireKnownDeltas(root, lineage);
  return lineage;
}

function parseJson(text: string, file: string): unknown {
  try {
    const value = parseJsonText(text);
    requireDistinctKeys(text, file);
    return value;
  } catch (error) {
    if (error instanceof LineageError) throw error;
    const found = error instanceof Error ? error.message : String(error);
    throw new LineageError({ file, place: '', expected: 'JSON without comments', found, remedy: 'Correct the file.' }, { cause: error });
  }
}

/** Of a key that is given twice the first value would be lost without a word. */
function requireDistinctKeys(text: string, file: string): void {
  const scanner = new JsonScanner(Buffer.from(text.replace(/^\uFEFF/, '')));
  const visit = (place: string): void => {
    if (scanner.isAtArray()) scanner.readArray((index) => visit(`${place}[${index}]`));
    else if (scanner.isAtObject()) visitMembers(place);
    else scanner.skipValue();
  };
  const visitMembers = (place: string): void => {
    const keys = new Set<string>();
    scanner.readObject((key) => {
      const member = place === '' ? key : `${place}.${key}`;
      if (keys.has(key))
        throw new LineageError({ file, place: member, expected: 'one value', found: 'two', remedy: 'Remove one of them.' });
      keys.add(key);
      visit(member);
    });
  };
  visit('');
}

function readScoring(field: JsonField): Lineage['scoring'] {
  const count = (name: string): number | null => field.member(name).optional((member) => member.wholeNumber(1), null);
  const bos = field.member('bos').optional((member) => member.oneOf(bosChoices), null);
  const counts = { window: count('window'), stride: count('stride'), limit: count('limit') };
  return bos === null ? counts : { ...counts, bos };
}

function readCommand(field: JsonField): readonly string[] {
  const command = field.list().map((argument) => argument.matching(/^/, 'a text'));
  if (command.length === 0 || command[0] === '') field.refuse('a program and its arguments');
  for (const placeholder of ['{start}', '{out}']) {
    if (command.some((argument) => argument.includes(placeholder))) continue;
    const meaning = placeholder === '{out}' ? 'the folder that the fine-tuned model is written to' : 'the checkpoint to fine-tune';
    field.refuse(`an argument with ${placeholder}`, `Put ${placeholder} where the command takes ${meaning}.`);
  }
  return command;
}

function readRelease(field: JsonField): Release {
  const path = (name: string): string | null => field.member(name).optional((member) => member.text(), null);
  return {
    name: field.member('name').matching(releaseName, 'a name of letters, digits, spaces and . _ + - that begins with a letter or digit'),
    base: field.member('base').text(),
    finetuned: path('finetuned'),
    plain: path('plain'),
    start: path('start'),
    state: field.member('state').optional((state) => state.oneOf(releaseStates), null),
    delta: field.member('delta').optional(readDelta, null),
    scores: field.member('scores').optional((scores) => scores.list().map(readScore), []),
    dates: field.member('dates').optional(readDates, {}),
    inputs: field.member('inputs').optional(readInputs, {}),
  };
}

function readDelta(field: JsonField): DeltaInUse {
  const id = (name: string): string => field.member('madeOf').member(name).matching(identity, '16 hexadecimal digits');
  return {
    formula: field.member('formula').text(),
    release: field.member('release').text(),
    of: field.member('of').oneOf(['finetuned', 'plain']),
    madeOf: { target: id('target'), finetuned: id('finetuned'), base: id('base') },
  };
}

function readScore(field: JsonField): RecordedScore {
  const number = (member: JsonField): number | null => member.orNull((given) => given.number());
  return {
    model: field.member('model').oneOf(modelRoles),
    task: field.member('task').text(),
    kind: field.member('kind').oneOf(['loss', 'choice', 'outside']),
    value: number(field.member('value')),
    standardError: field.member('standardError').optional(number, null),
    bitsPerByte: field.member('bitsPerByte').optional(number, null),
    weights: field.member('weights').matching(identity, '16 hexadecimal digits'),
    basis: field.member('basis').matching(identity, '16 hexadecimal digits'),
  };
}

function readDates(field: JsonField): Release['dates'] {
  const given = dateNames.map((name) => [name, field.member(name)] as const).filter(([, date]) => date.isGiven);
  return Object.fromEntries(given.map(([name, date]) => [name, date.matching(isoDate, 'a date such as "2026-01-31T12:00:00.000Z"')]));
}

function readInputs(field: JsonField): Release['inputs'] {
  const given = modelRoles.map((role) => [role, field.member(role)] as const).filter(([, input]) => input.isGiven);
  return Object.fromEntries(given.map(([role, input]) => [role, readFingerprint(input)]));
}

function readFingerprint(field: JsonField): Fingerprint {
  const hash = (member: JsonField): string => member.matching(sha256, '64 hexadecimal digits');
  const shards = field
    .member('shards')
    .list()
    .map((shard) => ({
      file: shard.member('file').text(),
      byteLength: shard.member('byteLength').wholeNumber(0),
      modifiedAt: shard.member('modifiedAt').number(),
      headerSha256: hash(shard.member('headerSha256')),
      sampleSha256: hash(shard.member('sampleSha256')),
    }));
  return {
    shards,
    files: Object.fromEntries(
      field
        .member('files')
        .members()
        .map(([name, file]) => [name, hash(file)]),
    ),
  };
}

function requireDistinctNames(root: JsonField, { releases }: Lineage): void {
  const folded = releases.map(({ name }) => name.toLowerCase()); // names become folders, also where case does not count
  const twice = folded.findIndex((name, i) => folded.indexOf(name) < i);
  if (twice >= 0) root.member('releases').list()[twice]!.member('name').refuse('a name that no other release has', 'Give it another name.');
}

function requireKnownDeltas(root: JsonField, { releases }: Lineage): void {
  for (const [i, { delta }] of releases.entries()) {
    if (delta === null || releases.slice(0, i).some(({ name }) => name === delta.release)) continue;
    const place = root.member('releases').list()[i]!.member('delta').member('release');
    place.refuse('the name of an earlier release', 'Restore the order and the names of the releases.');
  }
}
