import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { ThemeIcon, Uri, window } from 'vscode';
import { type Draft, isResumable, proposeOutput } from '../draft.js';
import { askForText } from '../../kit/inputBox.js';
import type { Place } from '../../kit/quickPick.js';
import type { Answer, Step } from '../../kit/steps.js';

function toNumber(text: string): number {
  const trimmed = text.trim().replace(/^−/, '-').replace(',', '.');
  return trimmed === '' ? NaN : Number(trimmed);
}

/** Why a text is no scale; null when it is one. */
export function scaleProblem(text: string): string | null {
  return Number.isFinite(toNumber(text)) ? null : 'A scale is a number, such as 1, 0.5 or -1.';
}

export async function askForScale(draft: Draft, place: Place): Promise<Answer> {
  const prompt = 'Scale λ of the difference. 1 carries the fine-tuning over as it is.';
  const answer = await askForText(place, { prompt, value: String(draft.scale), problemOf: scaleProblem });
  return answer === undefined || answer === 'back' ? answer : { ...draft, scale: toNumber(answer.text) };
}

/** Why a path cannot be the output; null when it can. */
export function outputProblem(path: string): string | null {
  if (path.trim() === '' || basename(path) === '') return 'Type the folder to be made.';
  if (!isAbsolute(path)) return 'Type an absolute path.';
  return existsSync(path) ? `${basename(path)} exists already. Choose another name: nothing is overwritten.` : null;
}

async function chooseParent(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  const chosen = await window.showOpenDialog({
    title: 'Choose where the new folder goes',
    openLabel: 'Put It Here',
    defaultUri: Uri.file(folder),
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return chosen?.[0] === undefined ? undefined : join(chosen[0].fsPath, basename(path));
}

export async function askForOutput(draft: Draft, place: Place): Promise<Answer> {
  const value = draft.output ?? proposeOutput(draft);
  const isUnfinished = isResumable(value) ? ' An unfinished run of it is there and can be resumed.' : '';
  const answer = await askForText(place, {
    prompt: `Folder to be made. It appears whole, or not at all.${isUnfinished}`,
    value,
    selection: [value.length - basename(value).length, value.length],
    problemOf: outputProblem,
    browse: { button: { iconPath: new ThemeIcon('folder-opened'), tooltip: 'Browse for a Parent Folder…' }, choose: chooseParent },
  });
  return answer === undefined || answer === 'back' ? answer : { ...draft, output: answer.text };
}

export const scaleStep: Step = { isNeeded: ({ goal }) => goal === 'transfer', ask: askForScale };

export const outputStep: Step = { isNeeded: () => true, ask: askForOutput };
