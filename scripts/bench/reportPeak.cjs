/** Preloaded into a measured process: writes its peak memory in bytes to the file named by MODEL_REBASE_PEAK. CommonJS loads fastest. */
const { existsSync, readFileSync, writeFileSync } = require('node:fs');

const status = '/proc/self/status';

/** Linux counts into `maxRSS` what the parent had when it started this process; VmHWM is this program's own. */
function peakKilobytes() {
  if (!existsSync(status)) return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'))[1]);
}

process.on('exit', () => writeFileSync(process.env.MODEL_REBASE_PEAK, String(peakKilobytes() * 1024)));
