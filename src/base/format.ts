/** Numbers as people read them in a dense table: three significant digits, scientific only where it is shorter. */

/** Shown where there is nothing to show. */
const noValue = '–';

function unusual(value: number | null): string | null {
  if (value === null) return noValue;
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  return value === 0 ? '0' : null;
}

function signed(value: number, magnitude: string): string {
  return value < 0 ? `−${magnitude}` : magnitude;
}

/** `0.0321`, `1.25`, `412`, `3.21e-5`, `1.20e+9`. */
export function formatNumber(value: number | null): string {
  const special = unusual(value);
  if (special !== null || value === null) return special ?? noValue;
  const magnitude = Math.abs(value);
  const plain = magnitude >= 1e-3 && magnitude < 999.5;
  return signed(value, plain ? magnitude.toPrecision(3) : magnitude.toExponential(2));
}

/** A cosine with as many digits as its distance from 1 deserves: `0.982`, `0.999987`, `1 − 2.1e-8`. */
export function formatCosine(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return formatNumber(value);
  const distance = 1 - value;
  if (distance === 0) return '1';
  if (distance < 0 || distance >= 0.1) return formatNumber(value);
  if (distance < 5e-7) return `1 − ${distance.toExponential(1)}`;
  return value.toFixed(2 - Math.floor(Math.log10(distance)) - 1);
}

/** A share between 0 and 1 as a percentage that is 0% or 100% only when it is exactly so. */
export function formatShare(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return formatNumber(value);
  if (value === 0 || value === 1) return `${value * 100}%`;
  if (value < 0.0001) return '<0.01%';
  if (value > 0.9995) return '>99.9%';
  const percent = value * 100;
  return `${percent.toFixed(percent < 1 ? 2 : 1)}%`;
}

/** An exact whole number: `1,234,567`. Without Intl, whose first use would cost every start of the CLI 15 ms. */
export function formatCount(value: number | null): string {
  return unusual(value) ?? signed(value ?? 0, String(Math.abs(value ?? 0)).replace(/\B(?=(\d{3})+$)/g, ','));
}

function scaled(value: number, units: readonly string[], separator: string): string {
  const step = value === 0 ? 0 : Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.abs(value) * 1.0005) / 3)));
  const mantissa = value / 1000 ** step;
  const digits = step === 0 ? String(value) : mantissa.toPrecision(3);
  return `${digits}${units[step] === '' ? '' : separator}${units[step] ?? ''}`;
}

/** `861 MB`, `16.1 GB`; decimal units. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'], ' ');
}

/** `135M`, `8.03B`: the field's way to write parameter counts. */
export function formatCompact(count: number | null): string {
  return unusual(count) ?? scaled(count ?? 0, ['', 'K', 'M', 'B', 'T'], '');
}

/** `0.31 s`, `42.0 s`, `3 min 20 s`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `1 tensor`, `2,000 tensors`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
