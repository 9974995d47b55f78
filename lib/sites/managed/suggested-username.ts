import type { Site } from '../../store/sites.ts';

/** The longest username that Telegram takes. */
const MAX_LENGTH = 32;
const SUFFIX = '_bot';

/**
 * A username for the bot of a shop, from its name. Telegram says whether it is free only when the person confirms it, and
 * lets them change it there.
 */
export function suggestedUsername({ name, siteId, bot }: Pick<Site, 'name' | 'siteId' | 'bot'>): string {
  const [words = 'shop'] = [name, siteId].map(plainWords).filter((text) => text.length > 1);
  const suggested = ['', '_2'].map((number) => {
    const room = MAX_LENGTH - SUFFIX.length - number.length;
    return `${words.slice(0, room).replace(/_+$/, '')}${number}${SUFFIX}`;
  });
  // Its present bot has its own name.
  return suggested.find((username) => username !== bot?.username.toLowerCase()) ?? `shop${SUFFIX}`;
}

/** What a username may have of a text: `Caffè d'Italia` is `caffe_d_italia`. */
function plainWords(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '');
}
