import type { Scoring } from '../../connectivity/index.js';
import { defaultSettings } from '../../evaluate/index.js';
import { pathFromFile, type LineageFile } from '../file/lineageFile.js';

/** What the models of a lineage are scored with. */
export function scoringOf({ path, lineage }: LineageFile, cacheFolder: string | null): Scoring {
  return {
    tasks: lineage.tasks.map((task) => pathFromFile(path, task)),
    choices: { include: [], exclude: [], vocabulary: 'tokens', skipMismatched: false, prefixMap: null, settings: 'merged' },
    settings: { ...defaultSettings, ...lineage.scoring, bos: lineage.scoring.bos ?? 'auto', cacheFolder },
  };
}
