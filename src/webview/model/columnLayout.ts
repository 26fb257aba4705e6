/** Which columns of a table a person wants to see, in which order and how wide. */
export interface ColumnLayout<Id extends string> {
  /** All columns, shown or not. */
  readonly order: readonly Id[];
  readonly hidden: readonly Id[];
  /** Pixels; columns that nobody resized have none. */
  readonly widths: Readonly<Partial<Record<Id, number>>>;
}

const widthBounds = { least: 32, most: 1200 };

export function shownColumns<Id extends string>({ order, hidden }: ColumnLayout<Id>): Id[] {
  return order.filter((id) => !hidden.includes(id));
}

/** At least one column stays. */
export function toggleColumn<Id extends string>(layout: ColumnLayout<Id>, id: Id): ColumnLayout<Id> {
  const hidden = layout.hidden.includes(id) ? layout.hidden.filter((other) => other !== id) : [...layout.hidden, id];
  return hidden.length === layout.order.length ? layout : { ...layout, hidden };
}

/** The column in the place of another, which moves aside. */
export function moveColumn<Id extends string>(layout: ColumnLayout<Id>, id: Id, place: Id): ColumnLayout<Id> {
  const to = layout.order.indexOf(place);
  if (to < 0 || id === place) return layout;
  return { ...layout, order: layout.order.filter((other) => other !== id).toSpliced(to, 0, id) };
}

/** The column one place to the left (−1) or right (1) among those that are shown. */
export function shiftColumn<Id extends string>(layout: ColumnLayout<Id>, id: Id, by: -1 | 1): ColumnLayout<Id> {
  const shown = shownColumns(layout);
  const neighbour = shown[shown.indexOf(id) + by];
  return neighbour === undefined ? layout : moveColumn(layout, id, neighbour);
}

export function resizeColumn<Id extends string>(layout: ColumnLayout<Id>, id: Id, width: number): ColumnLayout<Id> {
  const pixels = Math.round(Math.min(widthBounds.most, Math.max(widthBounds.least, width)));
  return { ...layout, widths: { ...layout.widths, [id]: pixels } };
}

type Loose = Readonly<Record<string, unknown>>;

function listed<Id extends string>(saved: unknown, known: readonly Id[]): Id[] {
  return Array.isArray(saved) ? known.filter((id) => saved.includes(id)).sort((a, b) => saved.indexOf(a) - saved.indexOf(b)) : [];
}

/** The saved layout as far as it makes sense; columns that it does not know stand where they are by default. */
export function restoreColumnLayout<Id extends string>(saved: unknown, otherwise: ColumnLayout<Id>): ColumnLayout<Id> {
  if (typeof saved !== 'object' || saved === null) return otherwise;
  const { order, hidden, widths } = saved as Loose;
  const known = listed(order, otherwise.order);
  const fresh = otherwise.order.filter((id) => !known.includes(id));
  const all = fresh.reduce((list, id) => list.toSpliced(otherwise.order.indexOf(id), 0, id), known);
  const hiddenNow = [...listed(hidden, known), ...fresh.filter((id) => otherwise.hidden.includes(id))];
  const sizes = (typeof widths === 'object' && widths !== null ? widths : {}) as Loose;
  let layout: ColumnLayout<Id> = { ...otherwise, order: all, hidden: hiddenNow.length === all.length ? [] : hiddenNow };
  for (const id of all) {
    const width = Object.hasOwn(sizes, id) ? sizes[id] : undefined;
    if (typeof width === 'number' && width > 0) layout = resizeColumn(layout, id, width);
  }
  return layout;
}
