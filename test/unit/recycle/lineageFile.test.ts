import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { LineageError, parseLineage, readLineage } from '../../../src/recycle/index.js';
import { formatJson } from '../../../src/recycle/file/formatJson.js';
import { changeReleases, createLineage } from '../../../src/recycle/file/lineageFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const byHand = `{
\t"format": "model-rebase.lineage",
\t"version": 1,
\t"owner": { "team": "translation" },
\t"strategy": "iterative",
\t"releases": [
\t\t{ "name": "v1", "base": "models/base-1", "ticket": 12, "finetuned": "models/ft-1" },
\t\t{ "ticket": 34, "name": "v2", "base": "../base-2" }
\t]
}
`;

describe('lineage files', () => {
  const at = temporaryFolder();

  async function write(name: string, text: string): Promise<string> {
    await writeFile(at(name), text);
    return at(name);
  }

  it('written by hand need names and bases, no more', () => {
    const { tasks, command, releases, scoring } = parseLineage(byHand, 'x');
    assert.deepEqual([tasks, command, scoring], [[], null, { window: null, stride: null, limit: null }]);
    assert.deepEqual(releases[1], {
      ...{ name: 'v2', base: '../base-2', finetuned: null, plain: null, start: null },
      ...{ state: null, delta: null, scores: [], dates: {}, inputs: {} },
    });
  });

  it('keep what others wrote into them, and how they are indented', async () => {
    const file = await readLineage(await write('kept.lineage.json', byHand));
    await changeReleases(file, { v2: { state: 'new', finetuned: 'x' }, v1: { finetuned: null } });
    const text = await readFile(file.path, 'utf8');
    assert.equal(
      text,
      byHand
        .replace(', "finetuned": "models/ft-1" }', ' }')
        .replace('"base": "../base-2" }', '"base": "../base-2", "state": "new", "finetuned": "x" }'),
    );
  });

  it('are not written over when somebody else changed them meanwhile', async () => {
    const file = await readLineage(await write('raced.lineage.json', byHand));
    const theirs = byHand.replace('12', '13');
    await writeFile(file.path, theirs);
    await assert.rejects(changeReleases(file, { v1: { state: 'new' } }), (error: unknown) => {
      assert.ok(error instanceof LineageError);
      assert.match(error.message, /expected the file as it was read, found another text, written meanwhile\. Nothing was written to it\./);
      return true;
    });
    assert.equal(await readFile(file.path, 'utf8'), theirs);
    assert.deepEqual(
      (await readdir(at())).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  it('are made once', async () => {
    const lineage = { strategy: 'plain', tasks: [], command: null, scoring: { window: null, stride: null, limit: 3 } } as const;
    const { text } = await createLineage(at('new.lineage.json'), lineage);
    assert.equal(
      text,
      formatJson({ format: 'model-rebase.lineage', version: 1, strategy: 'plain', tasks: [], scoring: { limit: 3 }, releases: [] }) + '\n',
    );
    await assert.rejects(createLineage(at('new.lineage.json'), lineage), /expected no such file, found one that exists already/);
  });

  const broken: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['no JSON', byHand.slice(0, -3), /^x: expected JSON without comments, found .*\. Correct the file\.$/],
    ['a comment', `// mine\n${byHand}`, /^x: expected JSON without comments/],
    [
      'two values for a key',
      byHand.replace('"ticket": 12', '"base": "b"'),
      /^x: releases\[0\]\.base: expected one value, found two\. Remove one/,
    ],
    [
      'another format',
      byHand.replace('.lineage"', '.diff"'),
      /^x: format: expected "model-rebase\.lineage", found "model-rebase\.diff"\. Only files/,
    ],
    ['a later version', byHand.replace('"version": 1', '"version": 2'), /^x: version: expected 1, found 2\./],
    [
      'an unknown strategy',
      byHand.replace('iterative', 'itertive'),
      /^x: strategy: expected "iterative" or "direct" or "plain", found "itertive"/,
    ],
    [
      'two releases of a name',
      byHand.replace('"v2"', '"V1"'),
      /^x: releases\[1\]\.name: expected a name that no other release has, found "V1"/,
    ],
    [
      'a name that leads elsewhere',
      byHand.replace('"v2"', '"../v2"'),
      /^x: releases\[1\]\.name: expected a name of letters, .* found "\.\.\/v2"/,
    ],
    ['a base that is none', byHand.replace('"../base-2"', '7'), /^x: releases\[1\]\.base: expected a text that is not empty, found 7/],
    ['no releases', byHand.replace('"releases"', '"release"'), /^x: releases: expected a list, found nothing/],
    [
      'a command without {out}',
      byHand.replace('"owner"', '"command": ["train", "{start}"], "owner"'),
      /^x: command: expected an argument with \{out\}.* Put \{out\} where/,
    ],
    [
      'a command without {start}',
      byHand.replace('"owner"', '"command": ["train", "{out}"], "owner"'),
      /^x: command: expected an argument with \{start\}/,
    ],
    [
      'an empty command',
      byHand.replace('"owner"', '"command": [], "owner"'),
      /^x: command: expected a program and its arguments, found \[\]/,
    ],
    [
      'a date of no calendar',
      byHand.replace('"ticket": 34', '"dates": { "added": "yesterday" }'),
      /^x: releases\[1\]\.dates\.added: expected a date such as/,
    ],
    [
      'a diff vector from a later release',
      byHand.replace(
        '"ticket": 12',
        `"delta": { "formula": "f", "release": "v2", "of": "plain", "madeOf": { "target": "${'0'.repeat(16)}", "finetuned": "${'0'.repeat(16)}", "base": "${'0'.repeat(16)}" } }`,
      ),
      /^x: releases\[0\]\.delta\.release: expected the name of an earlier release, found "v2"/,
    ],
  ];

  for (const [what, text, message] of broken)
    it(`with ${what} are refused, naming the place`, () => {
      assert.throws(
        () => parseLineage(text, 'x'),
        (error: unknown) => {
          assert.ok(error instanceof LineageError);
          assert.match(error.message, message);
          return true;
        },
      );
    });

  it('that are missing say so', async () => {
    await assert.rejects(readLineage(at('absent.lineage.json')), /absent\.lineage\.json: no such file or folder/);
  });
});
