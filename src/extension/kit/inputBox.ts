import { type InputBox, QuickInputButtons, type QuickInputButton, window } from 'vscode';
import { backButtons, type Place } from './quickPick.js';
import { noticeText } from './shownText.js';

interface TextQuestion {
  readonly prompt: string;
  readonly value: string;
  /** Part of the value that is selected at first. */
  readonly selection?: readonly [number, number];
  /** Why the text is no answer; null when it is one. */
  readonly problemOf: (text: string) => string | null;
  /** A button beside Back, and what it puts into the box; undefined leaves the text. */
  readonly browse?: { readonly button: QuickInputButton; readonly choose: (text: string) => Promise<string | undefined> };
}

/**
 * Asks for a text and says what is wrong with it as it is typed.
 * @returns the text, or 'back', or undefined when dismissed
 */
export async function askForText(place: Place, question: TextQuestion): Promise<{ readonly text: string } | 'back' | undefined> {
  let { value } = question;
  for (let isFirst = true; ; isFirst = false) {
    const answer = await askOnce(place, isFirst ? question : { ...question, value, selection: [value.length, value.length] });
    if (answer === undefined || answer === 'back' || !('browseFrom' in answer)) return answer;
    value = (await question.browse?.choose(answer.browseFrom)) ?? answer.browseFrom;
  }
}

type OneAnswer = { readonly text: string } | { readonly browseFrom: string } | 'back' | undefined;

function askOnce(place: Place, question: TextQuestion): Promise<OneAnswer> {
  const box = makeBox(place, question);
  const check = (): boolean => {
    box.validationMessage = noticeText(question.problemOf(box.value) ?? '');
    return box.validationMessage === '';
  };
  return new Promise((resolve) => {
    const answer = (value: OneAnswer): void => {
      resolve(value);
      box.hide();
    };
    box.onDidChangeValue(check);
    box.onDidAccept(() => {
      if (check()) answer({ text: box.value });
    });
    box.onDidTriggerButton((button) => answer(button === QuickInputButtons.Back ? 'back' : { browseFrom: box.value }));
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    box.show();
  });
}

function makeBox(place: Place, { prompt, value, selection, browse }: TextQuestion): InputBox {
  const box = window.createInputBox();
  Object.assign(box, {
    title: place.title,
    step: place.step,
    totalSteps: place.totalSteps,
    prompt: noticeText(prompt),
    value,
    ignoreFocusOut: true,
  });
  box.valueSelection = selection ?? [0, value.length];
  box.buttons = [...backButtons(place), ...(browse === undefined ? [] : [browse.button])];
  return box;
}
