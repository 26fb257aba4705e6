import { type ConfigurationScope, workspace } from 'vscode';
import type { PrefixRule } from '../../compare/report/index.js';
import type { DiffOptions, EnginePreference } from '../../engine/protocol.js';

const section = 'modelRebase';

/** Where the Model Versions view looks, below each workspace folder. */
export interface DiscoverySettings {
  /** Glob patterns of folders to leave out. */
  readonly exclude: readonly string[];
  /** Folders below the workspace folder; 0 is the workspace folder alone. */
  readonly maximumDepth: number;
}

function toPrefixRules(map: Readonly<Record<string, string>> | null): readonly PrefixRule[] | null {
  return map === null ? null : Object.entries(map).map(([from, to]) => ({ from, to }));
}

/** Worker threads; null lets the engine choose. */
export function readWorkers(): number | null {
  const workers = workspace.getConfiguration(section).get<number>('workers', 0);
  return workers === 0 ? null : workers;
}

/** The user's settings for a diff. */
export function readDiffOptions(): DiffOptions {
  const configuration = workspace.getConfiguration(section);
  return {
    engine: configuration.get<EnginePreference>('engine', 'auto'),
    workers: readWorkers(),
    prefixMap: toPrefixRules(configuration.get<Record<string, string> | null>('prefixMap', null)),
  };
}

export function readDiscoverySettings(scope: ConfigurationScope): DiscoverySettings {
  const configuration = workspace.getConfiguration(`${section}.discovery`, scope);
  return { exclude: configuration.get<string[]>('exclude', []), maximumDepth: configuration.get<number>('maximumDepth', 8) };
}

/** Whether a change of settings concerns discovery. */
export const discoverySection = `${section}.discovery`;
