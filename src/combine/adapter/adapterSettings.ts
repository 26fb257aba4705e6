import { parsePythonJson } from '../../base/json/pythonJson.js';
import { isRecord } from '../../base/json/record.js';
import type { AdapterSettings } from '../../model/adapters/index.js';

/** The text of an `adapter_config.json` for another base, with ΔW scaled: everything else is as it was. */
export function adapterSettingsFor({ format }: AdapterSettings, text: string | null, base: string, scale: number): string {
  const parsed = text === null ? {} : parsePythonJson(text);
  const root = isRecord(parsed) ? parsed : {};
  return `${JSON.stringify(format === 'mlx' ? forMlx(root, base, scale) : forPeft(root, base, scale), null, 2)}\n`;
}

type Settings = Readonly<Record<string, unknown>>;

function forPeft(root: Settings, base: string, scale: number): Settings {
  const alphas = isRecord(root['alpha_pattern']) ? { alpha_pattern: scaledValues(root['alpha_pattern'], scale) } : {};
  return { ...root, base_model_name_or_path: base, revision: null, lora_alpha: scaled(root['lora_alpha'], scale), ...alphas };
}

function forMlx(root: Settings, base: string, scale: number): Settings {
  const parameters = isRecord(root['lora_parameters']) ? root['lora_parameters'] : {};
  return { ...root, model: base, lora_parameters: { ...parameters, scale: scaled(parameters['scale'], scale) } };
}

function scaledValues(values: Settings, scale: number): Settings {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scaled(value, scale)]));
}

function scaled(value: unknown, scale: number): unknown {
  return typeof value === 'number' ? value * scale : value;
}
