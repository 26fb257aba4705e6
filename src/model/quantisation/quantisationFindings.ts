import { plural } from '../../base/format.js';
import { nameList } from '../../base/nameList.js';
import type { Finding } from '../../checkpoint/index.js';
import type { Recipe } from '../recipe/index.js';
import { describeStatement } from './describe.js';
import type { CodedStorage } from './scheme.js';
import type { QuantisationStatement } from './statement.js';

/** A parameter as far as it may be coded. */
interface MaybeCoded {
  readonly name: string;
  readonly shape: readonly number[] | null;
  readonly storage: Recipe | CodedStorage;
}

/** What is odd about the quantisation of a model: codes that are not understood, and a statement that the weights belie. */
export function quantisationFindings(file: string, parameters: readonly MaybeCoded[], statement: QuantisationStatement | null): Finding[] {
  const coded = parameters.filter(({ storage }) => storage.kind === 'codes');
  const unknown = coded.filter(({ storage }) => storage.kind === 'codes' && storage.scheme === 'unknown');
  return [
    ...(unknown.length === 0 ? [] : [unknownFinding(file, unknown)]),
    ...(statement === null || coded.length > 0 || isOfActivations(statement) ? [] : [beliedFinding(file, statement)]),
  ];
}

function unknownFinding(file: string, unknown: readonly MaybeCoded[]): Finding {
  const names = unknown.map(({ name }) => name);
  const message = `${plural(names.length, 'weight')} stored as codes of an unknown scheme, or with a part missing: ${nameList(names)}. They are compared as bytes and counted in no total. Check that the download or export is complete, and that the files beside the weights are theirs.`;
  return { severity: 'warning', code: 'unknown-codes', message, tensor: names[0]!, file };
}

/** Weights stored plainly are what compressed-tensors calls dense, whatever is done to activations. */
function isOfActivations({ settings }: QuantisationStatement): boolean {
  return settings['format'] === 'dense';
}

function beliedFinding(file: string, statement: QuantisationStatement): Finding {
  const message = `${statement.file} states ${describeStatement(statement)}, but every weight is stored plainly: they are taken as they are. Remove the statement if the weights were decoded, so that they are loaded as they are.`;
  return { severity: 'info', code: 'quantisation-not-found', message, file };
}
