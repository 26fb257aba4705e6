import assert from 'node:assert/strict';
import Ajv from 'ajv';
import fc from 'fast-check';
import { readValues, schemaOf } from '../../../src/agent/parameters.js';
import { agentTools } from '../../../src/agent/index.js';

const parameters = {
  path: { kind: 'text', help: 'a path' },
  pattern: { kind: 'text', isOptional: true, help: 'a pattern' },
  rules: { kind: 'texts', isOptional: true, help: 'rules' },
  models: { kind: 'names', isOptional: true, help: 'models' },
  limit: { kind: 'whole', min: 1, max: 9, otherwise: 5, help: 'how many' },
  scale: { kind: 'number', otherwise: 1, help: 'λ' },
  side: { kind: 'choice', choices: ['a', 'b'], otherwise: 'a', help: 'which' },
} as const;

describe('parameters of tools', () => {
  it('fills in defaults', () => {
    assert.deepEqual(readValues(parameters, { path: 'x' }), {
      path: 'x',
      pattern: null,
      rules: [],
      models: {},
      limit: 5,
      scale: 1,
      side: 'a',
    });
  });

  const refused: readonly (readonly [unknown, RegExp])[] = [
    [{}, /path is missing/],
    [undefined, /path is missing/],
    ['x', /expected an object/],
    [{ path: '' }, /expected a text of 1 to 4096/],
    [{ path: 'x'.repeat(5000) }, /expected a text/],
    [{ path: 'x', limit: 0 }, /limit is 0, expected a whole number from 1 to 9/],
    [{ path: 'x', limit: 1.5 }, /limit is 1\.5/],
    [{ path: 'x', rules: [1] }, /rules\[0\] is 1/],
    [{ path: 'x', side: 'c' }, /side is "c", expected "a" or "b"/],
    [{ path: 'x', lines: 3 }, /no parameter "lines".*path, pattern/],
    [{ path: 'x', models: { a: 1 } }, /expected a text/],
  ];
  for (const [input, message] of refused) {
    it(`refuses ${JSON.stringify({ input }).slice(0, 60)}`, () => {
      assert.throws(() => readValues(parameters, input), message);
    });
  }

  it('takes what its schema takes, and nothing else but texts that are too long or empty', () => {
    const validate = new Ajv().compile(schemaOf(parameters));
    const text = fc.string({ minLength: 1, maxLength: 20 });
    const anything = fc.oneof(
      text,
      fc.integer({ min: -1, max: 11 }),
      fc.double(),
      fc.constant(null),
      fc.array(text, { maxLength: 3 }),
      fc.dictionary(text, text),
      fc.boolean(),
    );
    const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(fc.oneof(arbitrary, anything), { nil: undefined });
    const input = fc.record({
      path: sometimes(text),
      pattern: sometimes(text),
      rules: sometimes(fc.array(text)),
      limit: sometimes(fc.nat(10)),
      scale: sometimes(fc.double()),
      side: sometimes(fc.constantFrom('a', 'b')),
    });
    fc.assert(
      fc.property(input, (given) => {
        const json: unknown = JSON.parse(JSON.stringify(given));
        const isTaken = ((): boolean => {
          try {
            readValues(parameters, json);
            return true;
          } catch {
            return false;
          }
        })();
        assert.equal(isTaken, validate(json), JSON.stringify(json));
      }),
      { numRuns: 500 },
    );
  });

  it('every tool has a schema that is one, a name that all clients take, and says that it writes where it does', () => {
    for (const { name, schema, description, question } of agentTools) {
      assert.doesNotThrow(() => new Ajv({ strict: true }).compile(schema), name);
      assert.match(name, /^[a-z_]{3,40}$/);
      assert.equal(question !== null, description.includes('WRITES'), name);
    }
  });
});
