import { svg, type TemplateResult } from 'lit';
import { guidesOf } from '../model/connectivity/lineWords.js';
import { measureFacts, type Measure } from '../model/connectivity/measure.js';
import { axisSymbol, type Series } from '../model/connectivity/series.js';
import { type ChartLayout, type ChartSize, layOutChart } from './chartLayout.js';
import { drawAxes, drawBarrierLabel, drawChord, drawCurve, drawGuides, drawOptimum } from './chartParts.js';

/** The layout of runs along a line; both ends stay in view while points are still to come. */
export function layOutLines(series: readonly Series[], measure: Measure, size: ChartSize): ChartLayout {
  const stillGrows = series.some(({ complete }) => !complete);
  return layOutChart(series, size, stillGrows ? [0, 1] : [], measureFacts[measure].bounds);
}

/** Axes, guides, curves with their chords, and the barrier of the curve that is marked. */
export function drawLines(layout: ChartLayout, series: readonly Series[], measure: Measure, marked: number): TemplateResult {
  const curves = series.map((curve) => svg`${drawChord(layout, curve)}${drawCurve(layout, curve)}${drawOptimum(layout, curve)}`);
  const shown = series[marked];
  return svg`${drawAxes(layout, axisSymbol(series), measureFacts[measure].axis)}${drawGuides(layout, guidesOf(series))}${curves}
    ${shown ? drawBarrierLabel(layout, series, shown) : ''}`;
}
