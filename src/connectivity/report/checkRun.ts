import { isRecord } from '../../base/json/record.js';
import type { ConnectivityRun } from './run.js';

/** Checks the parts that every reader relies on, so that a damaged file fails here and not while it is drawn. */
export function isRun(value: unknown): value is ConnectivityRun {
  if (!isRecord(value) || !hasFacts(value)) return false;
  const taskCount = (value['tasks'] as unknown[]).length;
  switch (value['kind']) {
    case 'line':
      return isLine(value, taskCount);
    case 'matrix':
      return isMatrix(value, taskCount);
    case 'plane':
      return areTexts(value['a'], value['b'], value['c']) && everyPoint(value['points'], taskCount, ({ x, y }) => areNumbers(x, y));
    default:
      return false;
  }
}

type Loose = Readonly<Record<string, unknown>>;

function hasFacts({ title, createdAt, complete, inputs, tasks, settings, choices, findings, seconds }: Loose): boolean {
  return (
    areTexts(title, createdAt) &&
    typeof complete === 'boolean' &&
    areNumbers(seconds) &&
    everyRecord(inputs, ({ role, path, name, identity }) => areTexts(role, path, name, identity)) &&
    everyRecord(tasks, ({ name, path, kind, hash }) => areTexts(name, path, kind, hash)) &&
    isRecord(settings) &&
    isRecord(choices) &&
    everyRecord(findings, ({ message }) => areTexts(message))
  );
}

function isLine({ path, points, references, barriers, optima, geometry, capability, complete }: Loose, taskCount: number): boolean {
  const areVerdicts = [barriers, optima].every(
    (list) => isList(list, taskCount) && list.every((entry) => entry === null || isRecord(entry)),
  );
  return (
    isPath(path) &&
    everyPoint(points, taskCount, ({ at }) => areNumbers(at)) &&
    (complete === false || (points as unknown[]).length >= 2) &&
    everyPoint(references, taskCount, ({ role }) => areTexts(role)) &&
    areVerdicts &&
    (geometry === null || isRecord(geometry)) &&
    everyRecord(capability, ({ task, sentence }) => areNumbers(task) && areTexts(sentence))
  );
}

function isPath(path: unknown): boolean {
  if (!isRecord(path)) return false;
  const { kind, a, b, finetuned, base, target } = path;
  if (kind === 'interpolate') return areTexts(a, b);
  return (kind === 'transferred' || kind === 'sweep') && areTexts(finetuned, base, target);
}

function isMatrix({ versions, bases, finetunes, cells }: Loose, taskCount: number): boolean {
  const isVersion = ({ name, base, finetuned }: Loose): boolean => areTexts(name, base) && (finetuned === null || areTexts(finetuned));
  if (!everyRecord(versions, isVersion)) return false;
  const isIndex = (index: unknown): boolean => Number.isInteger(index) && (versions as unknown[])[index as number] !== undefined;
  const versionCount = (versions as unknown[]).length;
  return (
    isList(bases, versionCount) &&
    bases.every((point) => isPoint(point, taskCount)) &&
    isList(finetunes, versionCount) &&
    finetunes.every((point) => point === null || isPoint(point, taskCount)) &&
    everyPoint(cells, taskCount, ({ source, target, recovered }) => isIndex(source) && isIndex(target) && isList(recovered, taskCount))
  );
}

function everyPoint(list: unknown, taskCount: number, isPlace: (point: Loose) => boolean): boolean {
  return everyRecord(list, (point) => isPlace(point) && isPoint(point, taskCount));
}

function isPoint(point: unknown, taskCount: number): boolean {
  if (!isRecord(point)) return false;
  const { formula, scores, nonFinite } = point;
  return areTexts(formula) && Array.isArray(nonFinite) && isList(scores, taskCount) && scores.every(isScore);
}

function isScore(score: unknown): boolean {
  if (!isRecord(score)) return false;
  const { kind, loss, standardError, itemNats, itemTokens, accuracy, itemCorrect, value } = score;
  if (kind === 'loss') return areNumbers(loss, standardError) && isList(itemNats) && isList(itemTokens);
  if (kind === 'choice') return areNumbers(accuracy, standardError) && isList(itemCorrect);
  return kind === 'outside' && areNumbers(value);
}

function everyRecord(list: unknown, holds: (record: Loose) => boolean): boolean {
  return Array.isArray(list) && list.every((entry: unknown) => isRecord(entry) && holds(entry));
}

function isList(value: unknown, length?: number): value is unknown[] {
  return Array.isArray(value) && (length === undefined || value.length === length);
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'number');
}
