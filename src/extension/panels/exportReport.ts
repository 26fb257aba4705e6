import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Uri, window } from 'vscode';
import { reportToCsv, reportToJson, reportToMarkdown } from '../../compare/index.js';
import type { DiffReport } from '../../compare/report/index.js';
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

/** Asks where to save the report and writes it there. Returns the path, or null when the user chose none. */
export async function exportReport(report: DiffReport, format: ExportFormat): Promise<string | null> {
  const { extension, label, toText } = formats[format];
  const chosen = await window.showSaveDialog({
    title: `Save Diff as ${label}`,
    defaultUri: Uri.file(proposedName(report, extension)),
    filters: { [label]: [extension] },
  });
  if (chosen === undefined) return null;
  await writeFile(chosen.fsPath, toText(report));
  return chosen.fsPath;
}
