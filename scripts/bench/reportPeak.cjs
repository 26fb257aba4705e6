/** Preloaded into a measured process: writes its peak memory in bytes to the file named by MODEL_REBASE_PEAK. CommonJS loads fastest. */
const { writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.MODEL_REBASE_PEAK, String(process.resourceUsage().maxRSS * 1024)));
