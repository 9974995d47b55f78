import { createHash } from 'node:crypto';
import type { ChatLink, User } from '../store/user.ts';

/** The data of a button that ends a link begins with this. */
export const TAKE_OFF = 'take-off';

/**
 * The name of a link in the data of buttons: 16 characters. It shows neither the number of the chat nor the user's id. A
 * link of the former release has no name of its own: its buttons are only in its own chat.
 */
export function linkRef({ siteId, userId }: User, { chatId, ref }: ChatLink): string {
  return ref ?? digest(JSON.stringify([siteId, userId, chatId]));
}

/** A name for a new link, 16 characters: its claim has a part that nobody can guess. */
export function newLinkRef(claim: string): string {
  return digest(claim);
}

/** The data of the button with which another chat of the same user ends this link. */
export function takeOffData(user: User, link: ChatLink): string {
  return `${TAKE_OFF}:${linkRef(user, link)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
