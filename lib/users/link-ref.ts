import { createHash } from 'node:crypto';
import type { ChatLink, User } from '../store/user.ts';

/** The data of a button that ends a link begins with this. */
export const TAKE_OFF = 'take-off';

/**
 * The name of a link in the data of buttons: 16 characters. It shows neither the number of the chat nor the user's id. A
 * link of the former release has no name of its own; everybody could find out this one, so it is good for buttons in its
 * own chat alone.
 */
export function linkRef({ siteId }: Pick<User, 'siteId'>, { chatId, ref }: ChatLink): string {
  return ref ?? digest(JSON.stringify([siteId, chatId]));
}

/** A name for a new link, 16 characters: its claim has a part that nobody can guess. */
export function newLinkRef(claim: string): string {
  return digest(claim);
}

/** The data of the button with which an older chat of the same user ends this link, which has just been made. */
export function takeOffData({ ref = '' }: ChatLink): string {
  return `${TAKE_OFF}:${ref}`;
}

/**
 * The link that such a button in another chat of the user may end: one that was made later than that chat's own. So the
 * owner can take off a newcomer, and no newcomer the owner.
 */
export function linkToTakeOff(user: User, own: ChatLink, ref: string): ChatLink | undefined {
  return youngerLinks(user, own).find((link) => link.ref === ref);
}

/** The links that a chat may take off. */
export function youngerLinks({ chats }: User, own: ChatLink): ChatLink[] {
  return chats.filter((link) => link !== own && link.ref !== undefined && isYounger(link, own));
}

function isYounger({ linkedAt = '' }: ChatLink, own: ChatLink): boolean {
  return linkedAt > (own.linkedAt ?? '');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
