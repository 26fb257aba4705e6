import { type QuickInputButton, QuickInputButtons, type QuickPick, type QuickPickItem, type QuickPickOptions, window } from 'vscode';
import { visibleText } from '../../base/visibleText.js';
import { labelText } from './shownText.js';

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

/** Texts of items may name files and models, which strangers named. */
function shownItem<Item extends QuickPickItem>(item: Item): Item {
  const { label, description, detail } = item;
  return {
    ...item,
    label: labelText(label),
    ...(description === undefined ? {} : { description: labelText(description) }),
    ...(detail === undefined ? {} : { detail: labelText(detail) }),
  };
}

/** As `window.showQuickPick` without several items; undefined when dismissed. */
export async function pickOne<Item extends QuickPickItem>(items: readonly Item[], options: QuickPickOptions): Promise<Item | undefined> {
  return window.showQuickPick(items.map(shownItem), options);
}

/** As `window.showQuickPick` with several items, those with `picked` chosen at first; undefined when dismissed. */
export async function pickSeveral<Item extends QuickPickItem>(
  items: readonly Item[],
  options: QuickPickOptions,
): Promise<Item[] | undefined> {
  return window.showQuickPick(items.map(shownItem), { ...options, canPickMany: true });
}

function makePick<Item extends QuickPickItem>(place: Place, placeholder: string, items: readonly Item[]): QuickPick<Item> {
  const pick = window.createQuickPick<Item>();
  Object.assign(pick, {
    title: visibleText(place.title),
    step: place.step,
    totalSteps: place.totalSteps,
    placeholder: visibleText(placeholder),
    items: items.map(shownItem),
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
  if (active !== undefined) pick.activeItems = pick.items.filter((_, index) => items[index] === active);
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
  pick.selectedItems = pick.items.filter((_, index) => chosen.includes(items[index]!));
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
