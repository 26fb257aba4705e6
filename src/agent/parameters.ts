import {
  count,
  DecodeError,
  finite,
  listOf,
  object,
  oneOf,
  orAbsent,
  text,
  where,
  type Decoder,
  type Fields,
} from '../base/json/decode.js';
import { isRecord } from '../base/json/record.js';

/** A parameter of a tool: the single source of its JSON schema and of what is accepted. */
export type Parameter = { readonly help: string } & (
  | { readonly kind: 'text'; readonly isOptional?: true }
  | { readonly kind: 'texts'; readonly isOptional?: true }
  | { readonly kind: 'names'; readonly isOptional?: true }
  | { readonly kind: 'number'; readonly otherwise: number }
  | { readonly kind: 'whole'; readonly min: number; readonly max: number; readonly otherwise: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly otherwise: string }
);

export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> = P['kind'] extends 'text'
  ? P extends { readonly isOptional: true }
    ? string | null
    : string
  : P['kind'] extends 'texts'
    ? readonly string[]
    : P['kind'] extends 'names'
      ? Readonly<Record<string, string>>
      : P['kind'] extends 'choice'
        ? string
        : number;

/** What a tool gets: every parameter, with its default where it was left out. */
export type Values<P extends Parameters> = { readonly [Name in keyof P]: ValueOf<P[Name]> };

/** Longest text and list that are taken: an address or a formula is shorter, and models stumble into loops. */
const [maxLength, maxItems] = [4096, 100];

export interface JsonSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

export function schemaOf(parameters: Parameters): JsonSchema {
  const entries = Object.entries(parameters);
  return {
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, parameter]) => [name, { ...typeOf(parameter), description: parameter.help }])),
    required: entries.filter(([, parameter]) => isRequired(parameter)).map(([name]) => name),
    additionalProperties: false,
  };
}

function isRequired(parameter: Parameter): boolean {
  return !('otherwise' in parameter) && parameter.isOptional !== true;
}

function typeOf(parameter: Parameter): object {
  switch (parameter.kind) {
    case 'text':
      return { type: 'string' };
    case 'texts':
      return { type: 'array', items: { type: 'string' }, maxItems };
    case 'names':
      return { type: 'object', additionalProperties: { type: 'string' } };
    case 'number':
      return { type: 'number', default: parameter.otherwise };
    case 'whole':
      return { type: 'integer', minimum: parameter.min, maximum: parameter.max, default: parameter.otherwise };
    case 'choice':
      return { type: 'string', enum: parameter.choices, default: parameter.otherwise };
    default:
      return parameter satisfies never;
  }
}

/** @throws Error that names the parameter, what was expected and what was found */
export function readValues<P extends Parameters>(parameters: P, input: unknown): Values<P> {
  const given = input ?? {};
  const unknown = isRecord(given) ? Object.keys(given).find((name) => !Object.hasOwn(parameters, name)) : undefined;
  if (unknown !== undefined) throw new Error(`There is no parameter "${unknown}". Parameters: ${Object.keys(parameters).join(', ')}.`);
  const fields = Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, decoderOf(parameter)]));
  try {
    return object<Values<P>>(fields as Fields<Values<P>>)(given);
  } catch (error) {
    throw error instanceof DecodeError ? new Error(`Parameters: ${error.message}.`, { cause: error }) : error;
  }
}

const shortText = where(text, (value) => value !== '' && value.length <= maxLength, `a text of 1 to ${maxLength} characters`);
const shortTexts = where(listOf(shortText), (values) => values.length <= maxItems, `a list of at most ${maxItems} texts`);

const names: Decoder<Readonly<Record<string, string>>> = (value) => {
  if (!isRecord(value)) throw new DecodeError('an object of texts', value);
  const entries = Object.entries(value);
  if (entries.length > maxItems) throw new DecodeError(`at most ${maxItems} names`, entries.length);
  return Object.fromEntries(entries.map(([name, member]) => [name, shortText(member)]));
};

function decoderOf(parameter: Parameter): Decoder<unknown> {
  switch (parameter.kind) {
    case 'text':
      return parameter.isOptional ? orAbsent(shortText, null) : shortText;
    case 'texts':
      return parameter.isOptional ? orAbsent(shortTexts, []) : shortTexts;
    case 'names':
      return parameter.isOptional ? orAbsent(names, {}) : names;
    case 'number':
      return orAbsent(finite, parameter.otherwise);
    case 'whole': {
      const { min, max, otherwise } = parameter;
      return orAbsent(
        where(count, (value) => value >= min && value <= max, `a whole number from ${min} to ${max}`),
        otherwise,
      );
    }
    case 'choice':
      return orAbsent(oneOf(parameter.choices), parameter.otherwise);
    default:
      return parameter satisfies never;
  }
}
