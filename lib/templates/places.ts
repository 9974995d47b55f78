/** Where the values stand in a text: that decides how each is written. */
import type { PlaceholderKey } from './placeholders.ts';

/**
 * - `plain`: in text, where Telegram would make links of some words.
 * - `plainBeforeStop`: the same, where a sentence ends after it: `da {{nominativo}}.`
 * - `asIs`: in code, where it makes none, and which people copy; in the text of a link; a whole address.
 * - `encoded`: a part of an address.
 */
export type Place = 'plain' | 'plainBeforeStop' | 'asIs' | 'encoded';

/** `joinBefore`, `joinAfter`: what the template has there would make a link together with a plain value. */
export type ValuePlace = { place: Place; joinBefore?: boolean; joinAfter?: boolean };

/** From `<` to `>`; a quoted attribute value may have a `>` in it. */
const TAG = /<(?<name>\/?[^\s>]*)(?:"[^"]*"|'[^']*'|[^>"'])*>?/g;

/** Telegram makes no links in these. */
export const UNLINKED_ELEMENTS = ['a', 'code', 'pre'];

/** Longer addresses are in no message. */
const MAX_ADDRESS_LENGTH = 2048;

/**
 * The places of the values, in their order. Reads any text, also one that isn't Telegram's HTML.
 *
 * @param html with `sign`, one UTF-16 unit, instead of each value.
 * @param keys those of the values, in their order.
 */
export function placesIn(html: string, sign: string, keys: readonly PlaceholderKey[]): ValuePlace[] {
  const places: ValuePlace[] = [];
  const plain: { index: number; at: number }[] = [];
  const open: string[] = [];
  let text = '';
  const readText = (run: string) => {
    const [first = '', ...others] = run.split(sign);
    text += first;
    for (const following of others) {
      const index = places.length;
      const isSite = keys[index] === 'urlSito';
      const isPlain = !isSite && !open.some((name) => UNLINKED_ELEMENTS.includes(name));
      places.push({ place: isPlain ? 'plain' : 'asIs' });
      if (isPlain) plain.push({ index, at: text.length });
      text += (isSite ? 'https://site' : sign) + following;
    }
  };

  let position = 0;
  for (const { 0: tag, index, groups } of html.matchAll(TAG)) {
    readText(html.slice(position, index));
    places.push(...placesInTag(tag, sign));
    const name = groups?.name?.toLowerCase() ?? '';
    if (name.startsWith('/')) open.pop();
    else open.push(name);
    position = index + tag.length;
  }
  readText(html.slice(position));
  for (const { index, at } of plain) places[index] = placeInText(text, at, sign);
  return places;
}

/** A value with which an attribute begins is the address, or has its scheme and host; any other one is a part of it. */
function placesInTag(tag: string, sign: string): ValuePlace[] {
  const [first = '', ...others] = tag.split(sign);
  let before = first;
  return others.map((following) => {
    const isWhole = /\shref\s*=\s*["']?\s*$/i.test(before);
    before += sign + following;
    return { place: isWhole ? 'asIs' : 'encoded' };
  });
}

function placeInText(text: string, at: number, sign: string): ValuePlace {
  const before =
    text
      .slice(Math.max(0, at - MAX_ADDRESS_LENGTH), at)
      .split(/\s/)
      .at(-1) ?? '';
  if (/:\/\/|^\W*www\./i.test(before)) return { place: 'encoded' };
  const after = text.slice(at + sign.length, at + MAX_ADDRESS_LENGTH);
  const isInEmail = /^[^\s@]*@/.test(after) || /[\p{L}\p{N}_.+-]@/u.test(before);
  if (isInEmail) return { place: 'plain' };
  return {
    place: /^\.(?=[\s"'’”»)]|$)/.test(after) ? 'plainBeforeStop' : 'plain',
    joinBefore: /[^\s.]\.$|[@#$]$|(?:^|[^\p{L}\p{N}_/<>])\/$/u.test(before),
    joinAfter: /^\.\p{L}/u.test(after),
  };
}
