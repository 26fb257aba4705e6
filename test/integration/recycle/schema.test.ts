import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parseLineage, readLineage, scoreRelease, refreshLineage } from '../../../src/recycle/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { analyticEvaluator } from '../../unit/connectivity/support/analyticEvaluator.js';
import { makeSeries, run } from './support/series.js';

const schema = JSON.parse(readFileSync(join(__dirname, '../../../schemas/lineage.schema.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false }).compile(schema);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every member of a JSON value, as the path to it. */
function* pathsOf(value: Json, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) yield* pathsOf(member, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** One path of each kind: the same members of different list entries count once. */
function distinct(paths: Iterable<(string | number)[]>): (string | number)[][] {
  const kinds = new Map([...paths].map((path) => [path.map((key) => (typeof key === 'number' ? '*' : key)).join('.'), path]));
  return [...kinds.values()];
}

/** A copy with one member replaced, or taken out. */
function withMember(root: Json, path: readonly (string | number)[], value: Json | undefined): Json {
  const copy = structuredClone(root);
  const parent = path.slice(0, -1).reduce<Json>((at, key) => (at as Record<string, Json>)[key]!, copy) as Record<string, Json>;
  const last = path.at(-1)!;
  if (value !== undefined) parent[last] = value;
  else if (Array.isArray(parent)) (parent as Json[]).splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
  return copy;
}

function parses(text: string): boolean {
  try {
    parseLineage(text, 'x');
    return true;
  } catch {
    return false;
  }
}

describe('the schema of lineage files', () => {
  const at = temporaryFolder();
  let root: Json = null;

  before(async () => {
    const path = await makeSeries(at('whole'), 3, {
      finetuned: 1,
      strategy: 'direct',
      tasks: ['held-out.txt'],
      scoring: { window: 64, limit: 8 },
    });
    for (let round = 0; round < 3; round++) await run(path);
    const evaluator = analyticEvaluator(() => 2);
    await scoreRelease(await refreshLineage(path), 'v3', { cacheFolder: null, context: {}, evaluator });
    root = JSON.parse((await readLineage(path)).text) as Json;
  });

  it('holds for what the tool writes, whatever it has done', async () => {
    assert.equal(validate(root), true, JSON.stringify(validate.errors));
    const fields = new Set([...pathsOf(root)].map((path) => path.filter((key) => typeof key === 'string').join('.')));
    for (const field of [
      'scoring.window',
      'releases.delta.madeOf.base',
      'releases.scores.basis',
      'releases.plain',
      'releases.inputs.start.files',
    ])
      assert.ok(fields.has(field), `${field} is among what is tested`);
    const fresh: Json = JSON.parse((await readLineage(await makeSeries(at('new'), 0))).text) as Json;
    assert.equal(validate(fresh), true, JSON.stringify(validate.errors));
  });

  it('and the parser accept and refuse the same files, with any member replaced or missing', () => {
    const others: readonly (Json | undefined)[] = [undefined, null, '', 'x', -1, 0.5, [], {}, ['{start}{out}'], '0123456789abcdef', true];
    let [accepted, refused] = [0, 0];
    for (const path of distinct(pathsOf(root))) {
      for (const value of others) {
        const changed = withMember(root, path, value);
        const isValid = validate(changed);
        if (isValid) accepted++;
        else refused++;
        if (parses(JSON.stringify(changed)) === isValid || (isValid && isRelation(path))) continue;
        assert.fail(
          `${path.join('.')} = ${JSON.stringify(value)}: the schema ${isValid ? 'accepts' : 'refuses'} it, the parser does not agree`,
        );
      }
    }
    assert.ok(accepted > 50 && refused > 200, `${accepted} accepted, ${refused} refused`);
  });

  /** Relations between releases are beyond a schema: names that a diff vector points to. */
  function isRelation(path: readonly (string | number)[]): boolean {
    const last = path.at(-1);
    return (
      path[0] === 'releases' &&
      (path.length === 2 || path.length === 1 || last === 'name' || (last === 'release' && path.at(-2) === 'delta'))
    );
  }
});
