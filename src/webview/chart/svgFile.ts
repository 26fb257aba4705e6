/** A picture as SVG text that needs nothing else, and its size in pixels. */
export interface SvgFile {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** Pixels of the PNG for each of the page's, so that it is sharp in print. */
const density = 2;

/** @returns the bytes of a PNG of the picture */
export async function toPng({ text, width, height }: SvgFile): Promise<Uint8Array<ArrayBuffer>> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * density, height * density];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null)
    throw new Error(`The picture of ${width} × ${height} pixels could not be made into a PNG. Make the panel smaller, or export SVG.`);
  return new Uint8Array(await blob.arrayBuffer());
}
