import { dirname, join } from 'node:path';
import type { ExportedPicture } from '../../webview/index.js';
import { fileNameOf, saveAs } from '../kit/saveAs.js';
import { type ConnectivityRun, runToCsv, runToJson } from './connectivityRoom.js';

/** Extension of run files, without the leading dot. */
export const runExtension = 'connectivity.json';

function proposedPath({ title, inputs }: ConnectivityRun, extension: string): string {
  return join(dirname(inputs[0]?.path ?? ''), `${fileNameOf(title)}.${extension}`);
}

/** Asks where to save the run and writes it there. Returns the path, or null when the user chose none. @throws as `saveAs` */
export function saveRun(run: ConnectivityRun): Promise<string | null> {
  const proposed = proposedPath(run, runExtension);
  return saveAs({ title: 'Save Run', label: 'Connectivity run', extension: runExtension, proposed }, () => runToJson(run));
}

export function saveTable(run: ConnectivityRun): Promise<string | null> {
  return saveAs({ title: 'Save Scores', label: 'CSV', extension: 'csv', proposed: proposedPath(run, 'csv') }, () => runToCsv(run));
}

export function savePicture(run: ConnectivityRun, picture: ExportedPicture): Promise<string | null> {
  const { format } = picture;
  const question = { title: 'Save Picture', label: format.toUpperCase(), extension: format, proposed: proposedPath(run, format) };
  return saveAs(question, () => (picture.format === 'svg' ? picture.text : picture.bytes));
}
