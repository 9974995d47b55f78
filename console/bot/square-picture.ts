/** A picture as Telegram takes it for a profile: a square JPEG. */

/** Pixels. */
const SIDE = 640;
/** Bytes. */
const MAX_BYTES = 180_000;
/** From the best to the smallest. */
const QUALITIES = [0.92, 0.85, 0.75, 0.6, 0.45, 0.3];

/** The browser can't read the file as a picture. */
export class NoPicture extends Error {
  override readonly name = 'NoPicture';
}

/**
 * @param isFilled the square is filled, and what does not fit is cut off; otherwise all is shown, on white.
 * @returns base64. @throws NoPicture
 */
export async function squareJpeg(file: Blob, isFilled: boolean): Promise<string> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new NoPicture('The browser can not read this picture.', { cause });
  });
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext('2d');
  if (!context) throw new NoPicture('The browser can not draw.');
  // A JPEG has no transparency: without this it would be black.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, SIDE, SIDE);
  const { width, height } = bitmap;
  const scale = SIDE / (isFilled ? Math.min(width, height) : Math.max(width, height));
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    bitmap,
    (SIDE - width * scale) / 2,
    (SIDE - height * scale) / 2,
    width * scale,
    height * scale,
  );
  bitmap.close();
  return smallEnough(canvas);
}

function smallEnough(canvas: HTMLCanvasElement): string {
  for (const quality of QUALITIES) {
    const jpeg = canvas.toDataURL('image/jpeg', quality).slice('data:image/jpeg;base64,'.length);
    if (jpeg.length * (3 / 4) <= MAX_BYTES) return jpeg;
  }
  throw new NoPicture('Even the smallest version of this picture is too large.');
}
