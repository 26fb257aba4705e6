import { type QuickInputButton, QuickInputButtons, type QuickPick, type QuickPickItem, window } from 'vscode';

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

function makePick<Item extends QuickPickItem>(place: Place, placeholder: string, items: readonly Item[]): QuickPick<Item> {
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
  return pick;
}

/** Shows a pick until `accepted` makes an answer of it, or the user goes back or dismisses it. */
function askWith<Item extends QuickPickItem, Chosen>(
  pick: QuickPick<Item>,
  accepted: (pick: QuickPick<Item>) => Chosen | undefined,
  otherButton?: (pick: QuickPick<Item>) => Chosen,
): Promise<Chosen | 'back' | undefined> {
  return new Promise((resolve) => {
    const answer = (value: Chosen | 'back'): void => {
      resolve(value);
      pick.hide();
    };
    pick.onDidAccept(() => {
      const chosen = accepted(pick);
      if (chosen !== undefined) answer(chosen);
    });
    pick.onDidTriggerButton((button) =>
      answer(button === QuickInputButtons.Back || otherButton === undefined ? 'back' : otherButton(pick)),
    );
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/**
 * Asks with VS Code's quick pick, which stays open when the user looks elsewhere.
 * @returns the item, 'back', or undefined when dismissed
 */
export function askToPick<Item extends QuickPickItem>(
  place: Place,
  { placeholder, items, active }: Question<Item>,
): Promise<Item | 'back' | undefined> {
  const pick = makePick(place, placeholder, items);
  if (active !== undefined) pick.activeItems = [active];
  return askWith(pick, ({ activeItems: [chosen] }) => chosen);
}

interface ManyChosen<Item extends QuickPickItem> {
  readonly items: readonly Item[];
  /** The user wants to look for more. */
  readonly browses: boolean;
}

interface ManyQuestion<Item extends QuickPickItem> {
  readonly placeholder: string;
  readonly items: readonly Item[];
  readonly chosen: readonly Item[];
  /** A button that looks for further items. */
  readonly browse: QuickInputButton;
}

/**
 * Asks for any number of items, at least one.
 * @returns what is chosen, or 'back', or undefined when dismissed
 */
export function askToPickMany<Item extends QuickPickItem>(
  place: Place,
  { placeholder, items, chosen, browse }: ManyQuestion<Item>,
): Promise<ManyChosen<Item> | 'back' | undefined> {
  const pick = makePick(place, placeholder, items);
  pick.canSelectMany = true;
  pick.selectedItems = chosen;
  pick.buttons = [...backButtons(place), browse];
  return askWith<Item, ManyChosen<Item>>(
    pick,
    ({ selectedItems }) => (selectedItems.length === 0 ? undefined : { items: selectedItems, browses: false }),
    ({ selectedItems }) => ({ items: selectedItems, browses: true }),
  );
}

export function backButtons({ hasBack }: Place): readonly QuickInputButton[] {
  return hasBack ? [QuickInputButtons.Back] : [];
}
