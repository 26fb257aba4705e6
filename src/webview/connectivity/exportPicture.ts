import type { ConnectivityRun, LineRun } from '../../connectivity/report/index.js';
import { taskIn } from '../model/connectivity/series.js';
import { wrappedLines } from '../model/labels.js';
import { themeColor } from '../shared/theme.js';
import { markerOf, runColor } from '../chart/runMarks.js';
import type { SvgFile } from '../chart/svgFile.js';

/** What the style sheet gives to shapes and texts, and a file has to carry itself. */
const carried = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linejoin',
  'font-family',
  'font-size',
  'font-weight',
  'opacity',
  'text-anchor',
  'paint-order',
] as const;

const namespace = 'http://www.w3.org/2000/svg';
const lineHeight = 18;
const padding = 14;

function element(name: string, attributes: Readonly<Record<string, string | number>>, text = ''): SVGElement {
  const made = document.createElementNS(namespace, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value));
  made.textContent = text;
  return made;
}

/** Copies an element with its resolved styles as attributes, without classes, and without what only a pointer brings about. */
function resolvedCopy(source: Element): Element | null {
  if (source.matches('.pointed, .chosen')) return null;
  const copy = document.createElementNS(namespace, source.localName);
  for (const { name, value } of source.attributes) if (!['class', 'role', 'tabindex'].includes(name)) copy.setAttribute(name, value);
  const style = getComputedStyle(source);
  for (const property of carried) copy.setAttribute(property, style.getPropertyValue(property));
  for (const child of source.childNodes) {
    if (child instanceof Element) copy.append(...[resolvedCopy(child)].filter((part) => part !== null));
    else if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? '');
  }
  return copy;
}

/** A line above the picture; `run` is the number of the run whose marker stands before it. */
interface HeadingLine {
  readonly text: string;
  readonly run: number | null;
}

/** What a picture has to say when it stands alone: title, task, what the bars are, and whose marker is whose. */
export function exportHeading(run: ConnectivityRun, overlays: readonly LineRun[], task: number): HeadingLine[] {
  const shown = run.tasks[task];
  const others = overlays.flatMap((overlay, index) =>
    shown && taskIn(overlay, shown) >= 0 ? [{ text: overlay.title, run: index + 1 }] : [],
  );
  const keys = others.length === 0 ? [] : [{ text: run.title, run: 0 }, ...others];
  const bars = run.kind === 'line' && shown?.kind !== 'outside' ? ' · bars: ± one standard error' : '';
  const incomplete = run.complete ? '' : ' · incomplete';
  return [{ text: run.title, run: null }, { text: `${run.tasks[task]?.name ?? ''}${bars}${incomplete}`, run: null }, ...keys];
}

/** A line as it is drawn: texts that are wider than the picture go on in the next line. */
interface DrawnLine extends HeadingLine {
  readonly x: number;
  readonly isTitle: boolean;
}

const titleFont = { 'font-size': '14px', 'font-weight': '600' };
const plainFont = { 'font-size': '12px', 'font-weight': '400' };

function textMeasure(font: typeof titleFont): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d');
  if (context) context.font = `${font['font-weight']} ${font['font-size']} ${getComputedStyle(document.body).fontFamily}`;
  return (text) => context?.measureText(text).width ?? 0;
}

function fitHeading(lines: readonly HeadingLine[], width: number): DrawnLine[] {
  return lines.flatMap(({ text, run }, index) => {
    const [x, isTitle] = [run === null ? padding : padding + 20, index === 0];
    const pieces = wrappedLines(text, width - x - padding, textMeasure(isTitle ? titleFont : plainFont));
    return pieces.map((piece, number) => ({ text: piece, run: number === 0 ? run : null, x, isTitle }));
  });
}

/** The heading as elements: the title larger, the other lines below it. */
function drawHeading(lines: readonly DrawnLine[]): SVGElement[] {
  const font = { 'font-family': getComputedStyle(document.body).fontFamily, fill: themeColor('--vscode-foreground', 'black') };
  return lines.flatMap(({ text, run, x, isTitle }, index) => {
    const y = padding + 11 + index * lineHeight;
    const label = element('text', { ...font, ...(isTitle ? titleFont : plainFont), x, y }, text);
    return run === null ? [label] : [drawKey(run, y), label];
  });
}

function drawKey(run: number, y: number): SVGElement {
  return element('path', { d: markerOf(run), transform: `translate(${padding + 7} ${y - 4})`, fill: runColor(run) });
}

/** A picture of the page as a file of its own: colours of the theme resolved, a background, and a heading. */
export function toSvgFile(picture: SVGSVGElement, lines: readonly HeadingLine[]): SvgFile {
  const [width, drawn] = [picture.width.baseVal.value, picture.height.baseVal.value];
  const heading = fitHeading(lines, width);
  const top = padding + heading.length * lineHeight + 4;
  const height = top + drawn;
  const root = element('svg', { width, height, viewBox: `0 0 ${width} ${height}` });
  const body = element('g', { transform: `translate(0 ${top})` });
  body.append(...(resolvedCopy(picture)?.childNodes ?? []));
  const background = element('rect', { width, height, fill: themeColor('--vscode-editor-background', 'white') });
  root.append(element('title', {}, lines[0]?.text ?? ''), background, ...drawHeading(heading), body);
  return { text: new XMLSerializer().serializeToString(root), width, height };
}
