import type { DeltaPicture } from '../../compare/report/index.js';
import { colorAt, type Ramp } from '../model/ramp.js';
import { positionOn, type Scale } from '../model/scale.js';

/** One canvas pixel for each cell; the browser enlarges. Cells without a change stay transparent. */
export function paintPicture(canvas: HTMLCanvasElement, { width, height, cells }: DeltaPicture, scale: Scale | null, ramp: Ramp): void {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context || !scale) return;
  cells.forEach((value, index) => {
    if (!(value > 0)) return;
    context.fillStyle = colorAt(ramp, positionOn(scale, value));
    context.fillRect(index % width, Math.floor(index / width), 1, 1);
  });
}
