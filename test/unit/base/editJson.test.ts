import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { fieldText, removeField, setFieldText, valueText } from '../../../src/base/json/editJson.js';
import { parsePythonJson } from '../../../src/base/json/pythonJson.js';

const config = `{
  "final_logit_softcapping": 30.0,
  "rms_norm_eps": 1e-05,
  "text_config": {
    "vocab_size": 256000, "limits": [0.0, Infinity]
  },
  "näme": "Infinity \\u00e9",
  "vocab_size": 12
}
`;

describe('changes of JSON text', () => {
  it('leave everything else as it is written', () => {
    assert.equal(setFieldText(config, ['vocab_size'], '13'), config.replace('12', '13'));
    assert.equal(setFieldText(config, ['text_config', 'vocab_size'], '1'), config.replace('256000', '1'));
    assert.equal(setFieldText(config, ['näme'], '"x"'), config.replace('"Infinity \\u00e9"', '"x"'));
  });

  it('put new fields at the end of their object, indented as those before', () => {
    assert.equal(setFieldText(config, ['dtype'], '"x"'), config.replace('12\n', '12,\n  "dtype": "x"\n'));
    assert.equal(setFieldText(config, ['text_config', 'eps'], '1.0'), config.replace('Infinity]', 'Infinity], "eps": 1.0'));
    assert.equal(setFieldText('{}', ['a', 'b'], '1'), '{\n  "a": {\n    "b": 1\n  }\n}');
  });

  it('take fields out', () => {
    assert.equal(removeField(config, ['final_logit_softcapping']), config.replace('"final_logit_softcapping": 30.0,\n  ', ''));
    assert.equal(removeField(config, ['vocab_size']), config.replace(',\n  "vocab_size": 12', ''));
    assert.equal(removeField(config, ['text_config', 'limits']), config.replace(', "limits": [0.0, Infinity]', ''));
    assert.equal(removeField(config, ['none', 'such']), config);
    assert.deepEqual(parsePythonJson(removeField('{"a": 1, "b": 2, "a": 3}', ['a'])), { b: 2 });
  });

  it('read the text of a value, of the last field where several have a name', () => {
    assert.equal(fieldText(config, ['rms_norm_eps']), '1e-05');
    assert.equal(fieldText(config, ['text_config', 'limits']), '[0.0, Infinity]');
    assert.equal(fieldText('{"a": 1, "a": {"b": 2.0}}', ['a', 'b']), '2.0');
    assert.equal(fieldText(config, ['text_config', 'none']), null);
  });

  it('read text after a byte order mark', () => {
    assert.equal(fieldText(`\uFEFF${config}`, ['vocab_size']), '12');
    assert.equal(setFieldText(`\uFEFF{"a": 1}`, ['a'], '2'), `\uFEFF{"a": 2}`);
  });

  it('fail where the text is no JSON, or a value is where an object has to be', () => {
    assert.throws(() => setFieldText('{"a": 1,}', ['a'], '2'));
    assert.throws(() => setFieldText('{"a": 1}', ['a', 'b'], '2'), /"a" is no object/);
  });

  it('mean what a change of the parsed value means, for any object, field and value', () => {
    const key = fc.constantFrom('a', 'b', '"', 'ü', '__proto__', '{');
    const leaf = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant([1, { a: 2 }]), fc.constant(null));
    const objects = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf)));
    fc.assert(
      fc.property(objects, fc.array(key, { minLength: 1, maxLength: 2 }), leaf, fc.constantFrom(0, 2), (root, path, value, space) => {
        const text = JSON.stringify(root, null, space);
        const [outer, inner] = path as [string, string?];
        const parent: unknown = own(root, outer);
        if (inner !== undefined && parent !== undefined && !isObject(parent)) return;
        const changed = parse(setFieldText(text, path, valueText(value)));
        const wanted = new Map<string, unknown>(Object.entries(root));
        wanted.set(outer, inner === undefined ? value : withField(parent, inner, value));
        assert.deepEqual(changed, plain(Object.fromEntries(wanted)));
        const without = parse(removeField(setFieldText(text, path, valueText(value)), path));
        wanted.set(outer, inner === undefined ? undefined : withField(parent, inner, undefined));
        assert.deepEqual(without, plain(Object.fromEntries(wanted)));
      }),
    );
  });
});

function own(record: object, key: string): unknown {
  return Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withField(record: unknown, key: string, value: unknown): object {
  return Object.fromEntries([...Object.entries(isObject(record) ? record : {}), [key, value]]);
}

function parse(text: string): unknown {
  return plain(JSON.parse(text));
}

/** As JSON carries it: without undefined fields and negative zero. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
