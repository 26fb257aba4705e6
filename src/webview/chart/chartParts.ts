import { svg, type TemplateResult } from 'lit';
import { shareOf, tickText } from './axis.js';
import { type ChartLayout, type Curve, polylines, xOf, yOf } from './chartLayout.js';
import { placeLabel } from './labelPlace.js';
import type { CurvePoint, Series } from '../model/connectivity/series.js';
import { markerOf, runClass } from './runMarks.js';

/** Half the length of the bars' ends. */
const cap = 3;

/** Grid lines, ticks and the names of the axes. */
export function drawAxes(layout: ChartLayout, horizontalName: string, verticalName: string): TemplateResult {
  const { left, right, top, bottom, horizontal, vertical } = layout;
  const middle = (top + bottom) / 2;
  return svg`<g class="axes">
    ${vertical.ticks.map((tick) => {
      const y = bottom - shareOf(vertical, tick) * (bottom - top);
      return svg`<line x1=${left} x2=${right} y1=${y} y2=${y}></line>
        <text x=${left - 8} y=${y + 4} text-anchor="end">${tickText(tick, vertical.decimals)}</text>`;
    })}
    ${horizontal.ticks.map((tick) => {
      const x = xOf(layout, tick);
      return svg`<line x1=${x} x2=${x} y1=${bottom} y2=${bottom + 4}></line>
        <text x=${x} y=${bottom + 17} text-anchor="middle">${tickText(tick, horizontal.decimals)}</text>`;
    })}
    <text class="name" x=${(left + right) / 2} y=${bottom + 36} text-anchor="middle">${horizontalName}</text>
    <text class="name" x="14" y=${middle} text-anchor="middle" transform="rotate(-90 14 ${middle})">${verticalName}</text>
  </g>`;
}

/** Upright lines with a name at the foot: the places of a line that stand for models. */
export function drawGuides(layout: ChartLayout, guides: readonly { readonly at: number; readonly name: string }[]): TemplateResult[] {
  return guides.map(({ at, name }) => {
    const x = xOf(layout, at);
    const anchor = x < layout.left + 60 ? 'start' : x > layout.right - 60 ? 'end' : 'middle';
    const offset = anchor === 'start' ? 5 : anchor === 'end' ? -5 : 0;
    return svg`<g class="guide"><line x1=${x} x2=${x} y1=${layout.top} y2=${layout.bottom}></line>
      <text x=${x + offset} y=${layout.bottom - 6} text-anchor=${anchor}>${name}</text></g>`;
  });
}

/** The chord, and the barrier as a bracket between chord and curve. */
export function drawChord(layout: ChartLayout, { chord, barrier, run }: Series): TemplateResult {
  const line = polylines(layout, chord).map((points) => svg`<polyline class="chord" points=${points}></polyline>`);
  if (barrier === null) return svg`<g class=${runClass(run)}>${line}</g>`;
  const [x, foot, head] = [xOf(layout, barrier.at), yOf(layout, barrier.chord), yOf(layout, barrier.curve)];
  return svg`<g class=${runClass(run)}>${line}<path class="bracket" d="M${x - 4} ${foot}h8M${x} ${foot}V${head}"></path></g>`;
}

/** Pixels of a label's character and line. */
const labelSize = { character: 6.4, line: 14 };

/** The barrier's height in words beside its bracket; drawn over the curves, in case no place is free of them. */
export function drawBarrierLabel(layout: ChartLayout, curves: readonly Curve[], { barrier }: Series): TemplateResult {
  if (barrier === null) return svg``;
  const size = { width: barrier.label.length * labelSize.character, height: labelSize.line };
  const box = placeLabel(layout, curves, barrier, size);
  if (box === null) return svg``;
  const isLeft = box.x + box.width <= xOf(layout, barrier.at);
  return svg`<text class="height" x=${isLeft ? box.x + box.width : box.x} y=${box.y + 11} text-anchor=${isLeft ? 'end' : 'start'}>${barrier.label}</text>`;
}

function drawErrorBar(layout: ChartLayout, { at, value, standardError }: CurvePoint): TemplateResult {
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) return svg``;
  const x = xOf(layout, at);
  const within = (end: number): number => Math.max(layout.top, Math.min(layout.bottom, yOf(layout, end)));
  const [low, high] = [within(value - standardError), within(value + standardError)];
  return svg`<path class="error" d="M${x} ${low}V${high}M${x - cap} ${low}h${2 * cap}M${x - cap} ${high}h${2 * cap}"></path>`;
}

/** A finite point as its run's marker, any other as a cross at the edge with its name. */
function drawPoint(layout: ChartLayout, point: CurvePoint, run: number): TemplateResult {
  const [x, y] = [xOf(layout, point.at), yOf(layout, point.value)];
  if (Number.isFinite(point.value)) return svg`<path class="marker" d=${markerOf(run)} transform="translate(${x} ${y})"></path>`;
  const name = Number.isNaN(point.value) ? 'NaN' : point.value > 0 ? '∞' : '−∞';
  return svg`<path class="cross" d="M-4-4l8 8M4-4l-8 8" transform="translate(${x} ${y})"></path>
    <text class="not-finite" x=${x} y=${y + 18} text-anchor="middle">${name}</text>`;
}

/** A curve with its error bars and points. */
export function drawCurve(layout: ChartLayout, { points, run }: Pick<Curve, 'points'> & Pick<Series, 'run'>): TemplateResult {
  return svg`<g class=${runClass(run)}>
    ${polylines(layout, points).map((corners) => svg`<polyline class="curve" points=${corners}></polyline>`)}
    ${points.map((point) => drawErrorBar(layout, point))}
    ${points.map((point) => drawPoint(layout, point, run))}
  </g>`;
}

/** A ring around the best λ of a sweep. */
export function drawOptimum(layout: ChartLayout, { optimum, points, run }: Series): TemplateResult {
  const best = points.find(({ at }) => at === optimum?.at);
  if (best === undefined || !Number.isFinite(best.value)) return svg``;
  const [x, y] = [xOf(layout, best.at), yOf(layout, best.value)];
  const above = y > layout.top + 40;
  return svg`<g class=${runClass(run)}><circle class="optimum" cx=${x} cy=${y} r="9"></circle>
    <text class="height" x=${x} y=${above ? y - 15 : y + 24} text-anchor="middle">best</text></g>`;
}

/** A frame about the point that has the focus or the pointer, and a line down to the axis. */
export function drawPointed(layout: ChartLayout, { at, value }: CurvePoint): TemplateResult {
  const [x, y] = [xOf(layout, at), yOf(layout, value)];
  return svg`<g class="pointed"><line x1=${x} x2=${x} y1=${y + 8} y2=${layout.bottom}></line><circle cx=${x} cy=${y} r="8"></circle></g>`;
}
