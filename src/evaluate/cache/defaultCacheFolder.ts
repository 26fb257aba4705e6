import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** Where programs of this user keep what can be made again: the command line's folder of results. */
export function defaultCacheFolder(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
  home = homedir(),
): string {
  const path = platform === 'win32' ? win32 : posix;
  return path.join(cacheHome(platform, environment, home), 'model-rebase', 'results');
}

function cacheHome(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, home: string): string {
  if (platform === 'win32') return environment['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches');
  return xdgCacheHome(environment) ?? posix.join(home, '.cache');
}

/** The XDG specification says that a relative path counts as not set. */
function xdgCacheHome({ XDG_CACHE_HOME: folder }: NodeJS.ProcessEnv): string | null {
  return folder !== undefined && posix.isAbsolute(folder) ? folder : null;
}
