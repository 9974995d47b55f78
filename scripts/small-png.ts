/** Screenshots as PNG with a palette: a third of the size, and nobody sees a difference. */
import { crc32, deflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

const MOST_COLOURS = 256;

/**
 * The same picture in its 256 most frequent colours. A screenshot has few others: shades at the edges of letters.
 *
 * @param page any page, in whose browser the picture is read; what it shows does not change.
 */
export async function smallPng(page: Page, png: Buffer): Promise<Buffer> {
  const { width, pixels } = await pixelsOf(page, png);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const frequent = [...counts].sort(([, left], [, right]) => right - left).map(([colour]) => colour);
  const palette = frequent.slice(0, MOST_COLOURS);
  const indexes = new Map(frequent.map((colour) => [colour, nearest(palette, colour)]));
  const height = pixels.length / width;
  // Each line begins with its filter: 0, none.
  const lines = Buffer.alloc((width + 1) * height);
  pixels.forEach((pixel, index) => {
    lines[index + Math.floor(index / width) + 1] = indexes.get(pixel) ?? 0;
  });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', Buffer.from([...bytesOf(width, 4), ...bytesOf(height, 4), 8, 3, 0, 0, 0])),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => bytesOf(colour, 3)))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each pixel as `0xRRGGBB`, line by line. */
async function pixelsOf(page: Page, png: Buffer): Promise<{ width: number; pixels: Uint32Array }> {
  const { width, rgba } = await page.evaluate<{ width: number; rgba: string }>(`(async () => {
    const blob = new Blob([Uint8Array.fromBase64('${png.toString('base64')}')], { type: 'image/png' });
    const image = await createImageBitmap(blob);
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return { width: image.width, rgba: new Uint8Array(data.buffer).toBase64() };
  })()`);
  const bytes = Buffer.from(rgba, 'base64');
  return {
    width,
    pixels: Uint32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUIntBE(at * 4, 3)),
  };
}

function nearest(palette: readonly number[], colour: number): number {
  const distances = palette.map((each) =>
    bytesOf(each, 3).reduce((sum, part, at) => sum + (part - (bytesOf(colour, 3)[at] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

/** The last bytes of a number, the highest first. */
function bytesOf(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => (value >>> (8 * (count - 1 - at))) & 0xff);
}

/** https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  return Buffer.concat([
    Buffer.from(bytesOf(content.length, 4)),
    named,
    Buffer.from(bytesOf(crc32(named), 4)),
  ]);
}
