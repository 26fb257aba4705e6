import { dirname, join } from 'node:path';
import { type DiffReport, reportToCsv, reportToJson, reportToMarkdown } from '../../compare/report/index.js';
import type { ExportedPicture, ExportFormat } from '../../webview/messages.js';
import { fileNameOf, saveAs } from '../kit/saveAs.js';

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
  return join(dirname(b.path), `${fileNameOf(a.name)}-to-${fileNameOf(b.name)}.${extension}`);
}

/** Asks where to save the report and writes it there. Returns the path, or null when the user chose none. @throws as `saveAs` */
export async function exportReport(report: DiffReport, format: ExportFormat): Promise<string | null> {
  const { extension, label, toText } = formats[format];
  return saveAs({ title: `Save Diff as ${label}`, label, extension, proposed: proposedName(report, extension) }, () => toText(report));
}

/** Asks where to save the heat map and writes it there. Returns the path, or null when the user chose none. @throws as `saveAs` */
export function savePicture(report: DiffReport, picture: ExportedPicture): Promise<string | null> {
  const { format } = picture;
  const question = { title: 'Save Picture', label: format.toUpperCase(), extension: format, proposed: proposedName(report, format) };
  return saveAs(question, () => (picture.format === 'svg' ? picture.text : picture.bytes));
}
