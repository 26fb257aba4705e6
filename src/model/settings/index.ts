export { compareSettings, formatSetting } from './compareSettings.js';
export type { ModelConfig } from './config.js';
export { readModelConfig } from './modelConfig.js';
export { settingEffects, type ModelSettings, type SettingDifference, type SettingEffect, type SettingValue } from './settings.js';
