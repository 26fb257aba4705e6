import { writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { Uri, window } from 'vscode';
import { type DiffReport, reportToCsv, reportToJson, reportToMarkdown } from '../../compare/report/index.js';
import type { ExportFormat } from '../../webview/messages.js';

interface FormatFacts {
  readonly extension: string;
  readonly label: string;
  readonly toText: (report: DiffReport) => string;
}

const formats: Readonly<Record<ExportFormat, FormatFacts>> = {
  json: { extension: 'json', label: 'JSON', toText: reportToJson },
  csv: { extension: 'csv', label: 'CSV', toText: reportToCsv },
  markdown: { extension: 'md', label: 'Markdown', toText: reportToMarkdown },
  modeldiff: { extension: 'modeldiff.json', label: 'Model diff report', toText: reportToJson },
};

function proposedName({ a, b }: DiffReport, extension: string): string {
  const safe = (name: string): string => name.replaceAll(/[^\w.-]+/g, '_');
  return join(dirname(b.path), `${safe(a.name)}-to-${safe(b.name)}.${extension}`);
}

/**
 * Dialogs know only the part after the last dot and leave `report.json` where `report.modeldiff.json` was meant, which
 * would not reopen in the panel.
 */
function withExtension(path: string, extension: string): string {
  const last = extname(`.${extension}`);
  return path.endsWith(`.${extension}`) || !path.endsWith(last) ? path : `${path.slice(0, -last.length)}.${extension}`;
}

/**
 * Asks where to save the report and writes it there. Returns the path, or null when the user chose none.
 * @throws when a file exists that the dialog did not ask about.
 */
export async function exportReport(report: DiffReport, format: ExportFormat): Promise<string | null> {
  const { extension, label, toText } = formats[format];
  const chosen = await window.showSaveDialog({
    title: `Save Diff as ${label}`,
    defaultUri: Uri.file(proposedName(report, extension)),
    filters: { [label]: [extname(`.${extension}`).slice(1)] },
  });
  if (chosen === undefined) return null;
  const path = withExtension(chosen.fsPath, extension);
  await writeFile(path, toText(report), { flag: path === chosen.fsPath ? 'w' : 'wx' });
  return path;
}
