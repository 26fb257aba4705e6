import { type QuickInputButton, QuickInputButtons, type QuickPickItem, window } from 'vscode';

/** Where a question stands among the steps. */
export interface Place {
  readonly title: string;
  /** Undefined: the question stands alone. */
  readonly step: number | undefined;
  readonly totalSteps: number | undefined;
  readonly hasBack: boolean;
}

interface Question<Item extends QuickPickItem> {
  readonly placeholder: string;
  readonly items: readonly Item[];
  readonly active?: Item | undefined;
}

/**
 * Asks with VS Code's quick pick, which stays open when the user looks elsewhere.
 * @returns the item, 'back', or undefined when dismissed
 */
export function askToPick<Item extends QuickPickItem>(
  place: Place,
  { placeholder, items, active }: Question<Item>,
): Promise<Item | 'back' | undefined> {
  const pick = window.createQuickPick<Item>();
  Object.assign(pick, {
    title: place.title,
    step: place.step,
    totalSteps: place.totalSteps,
    placeholder,
    items,
    ignoreFocusOut: true,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  pick.buttons = backButtons(place);
  if (active !== undefined) pick.activeItems = [active];
  return new Promise((resolve) => {
    const answer = (value: Item | 'back'): void => {
      resolve(value);
      pick.hide();
    };
    pick.onDidAccept(() => {
      const [chosen] = pick.activeItems;
      if (chosen !== undefined) answer(chosen);
    });
    pick.onDidTriggerButton(() => answer('back'));
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

export function backButtons({ hasBack }: Place): readonly QuickInputButton[] {
  return hasBack ? [QuickInputButtons.Back] : [];
}
