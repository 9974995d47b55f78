import type { Sentence } from '../i18n/language.ts';
import { say } from '../i18n/language.ts';

/** A QR code of the API. As a picture, what is in the SVG can do nothing. */
export function QrCode({ svg, words }: { svg: string; words: Sentence }) {
  return (
    <img
      class="qr"
      src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
      alt={say(words)}
      width={200}
      height={200}
    />
  );
}
