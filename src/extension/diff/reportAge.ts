import { addressExists } from '../../checkpoint/index.js';
import type { DiffReport } from '../../compare/report/index.js';
import type { Engine } from '../kit/engineService.js';
import type { DiffInputs } from './diffSession.js';
import { maxOf } from '../../base/extremes.js';

async function lastModified(engine: Engine, path: string): Promise<number> {
  const { shards } = await engine.request('checkpoint/open', { path });
  return Math.max(0, maxOf(shards.map(({ modifiedAt }) => modifiedAt)));
}

/** Whether a saved report still tells the truth: neither input changed since. Inputs that are gone or cannot be opened do not contradict it. */
export async function isNewerThanInputs(report: DiffReport, { a, b }: DiffInputs, engine: Engine): Promise<boolean> {
  const createdAt = Date.parse(report.createdAt);
  const isOlder = async (path: string): Promise<boolean> =>
    lastModified(engine, path).then(
      (time) => time < createdAt,
      () => true,
    );
  return (await Promise.all([a, b].filter(addressExists).map(isOlder))).every(Boolean);
}
