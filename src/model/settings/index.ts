/** What `config.json` says of a model, in one form for all spellings. */
export { compareSettings } from './compareSettings.js';
export type { ModelConfig } from './config.js';
export { formatDifference, formatSetting, formatSides } from './formatSetting.js';
export { readModelConfig } from './modelConfig.js';
export { readSettings } from './readSettings.js';
export { groupOf, groupValues, takeGroups } from './settingGroups.js';
export {
  settingEffects,
  type ModelSettings,
  type SettingDifference,
  type SettingEffect,
  type SettingRecord,
  type SettingValue,
} from './settings.js';
