import { formatNumber } from '../../base/format.js';

/** Digits after the point that any number here may have. */
const mostDecimals = 6;

/** A loss with four decimals, `3.2064`: curves differ in the third and fourth. */
export function formatLoss(value: number | null): string {
  if (value === null || !Number.isFinite(value) || Math.abs(value) >= 1000) return formatNumber(value);
  return withDecimals(value, 4);
}

/** `0.0123 ± 0.0012`: two digits of the standard error, and the value to the same place. Without an error the value alone. */
export function formatEstimate(value: number, standardError: number): string {
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return formatNumber(value);
  if (standardError === 0) return `${formatNumber(value)} ± 0`;
  const decimals = Math.min(mostDecimals, Math.max(0, 1 - Math.floor(Math.log10(standardError))));
  return `${withDecimals(value, decimals)} ± ${standardError.toFixed(decimals)}`;
}

/** α or λ as it is shown in tables: `0.3`, `−0.25`, `1`, `0.333333`. */
export function formatPosition(at: number): string {
  return String(Number(at.toFixed(mostDecimals))).replace('-', '−');
}

/** Of 0.97 of a gain: `97%`; beyond 0 and 1 as well. */
export function formatRecovered(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return formatNumber(share);
  return `${withDecimals(share * 100, 0)}%`;
}

/** `97% ± 4%`; the share alone where its error is unknown. */
export function formatRecoveredEstimate(share: number | null, standardError: number | null): string {
  const known = standardError !== null && Number.isFinite(standardError);
  return known ? `${formatRecovered(share)} ± ${formatRecovered(standardError)}` : formatRecovered(share);
}

/** With a true minus sign; a value that rounds to 0 has none. */
function withDecimals(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
