import { workspace } from 'vscode';
import { defaultCacheFolder, defaultSettings, type EvaluateSettings, type OutsideCommand, type Scoring } from './connectivityRoom.js';
import { parseCommandLine } from '../../base/process/commandLine.js';

const section = 'modelRebase.scoring';

/** The setting `modelRebase.scoring.outsideCommand`, as written. */
interface WrittenCommand {
  readonly command?: string;
  readonly value?: string;
  readonly higherIsBetter?: boolean;
  readonly timeoutSeconds?: number | null;
}

/** @throws Error when the setting is not a whole command */
export function readOutsideCommand(): OutsideCommand | undefined {
  return parseCommand(workspace.getConfiguration(section).get<WrittenCommand | null>('outsideCommand', null));
}

/** The command of the user's own settings, whatever the workspace's say. @throws as `readOutsideCommand` */
export function readOwnCommand(): OutsideCommand | undefined {
  return parseCommand(workspace.getConfiguration(section).inspect<WrittenCommand | null>('outsideCommand')?.globalValue);
}

function parseCommand(written: WrittenCommand | null | undefined): OutsideCommand | undefined {
  if (written === null || written === undefined) return undefined;
  const { command = '', value = '', higherIsBetter = true, timeoutSeconds = null } = written;
  if (command === '' || value === '')
    throw new Error('The setting modelRebase.scoring.outsideCommand needs "command" and "value", the path of the number in its JSON.');
  return { command: parseCommandLine(command), value, higherIsBetter, timeoutSeconds };
}

function readEvaluateSettings(): EvaluateSettings {
  const configuration = workspace.getConfiguration(section);
  const memory = configuration.get<number>('memoryBudget', 0);
  return {
    ...defaultSettings,
    window: configuration.get<number | null>('window', null),
    stride: configuration.get<number | null>('stride', null),
    limit: configuration.get<number | null>('limit', null),
    precision: configuration.get<EvaluateSettings['precision']>('precision', 'stored'),
    bos: configuration.get<EvaluateSettings['bos']>('bos', 'auto'),
    provider: configuration.get<EvaluateSettings['provider']>('provider', 'cpu'),
    memoryBudget: memory === 0 ? null : memory * 1e9,
    cacheFolder: defaultCacheFolder(),
  };
}

/** How models are scored. An outside command is run only in trusted workspaces. */
export function readScoring(): Pick<Scoring, 'settings' | 'outside'> {
  return { settings: readEvaluateSettings(), outside: workspace.isTrusted ? readOutsideCommand() : undefined };
}
