import { matchReasons, type DiffReport } from '../compare/report/index.js';
import type { DiffView } from './messages.js';
import { toTensorTable } from './tensorTable.js';

/** What the diff panel needs of a report, with the tensors in columns. Record `i` of `report.tensors` is row `i`. */
export function toDiffView(report: DiffReport): DiffView {
  const { a, b, engine, prefixMap, seconds, createdAt, summary, companions, layers, modules, findings } = report;
  const table = toTensorTable(report.tensors, layers);
  const nameRules = report.nameMap.map(({ pattern, replacement }) => `${pattern}=${replacement}`);
  const reasons = matchReasons(report.tensors);
  return {
    a,
    b,
    engine,
    prefixMap,
    nameRules,
    matchReasons: reasons,
    seconds,
    createdAt,
    summary,
    companions,
    layers,
    modules,
    findings,
    table,
  };
}
