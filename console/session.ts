/** Who is signed in. The cookie that says so can't be read here: the server is asked. */
import { signal } from '@preact/signals';
import { request, whenSessionEnds } from './api/request.ts';

export interface Sessions {
  site: { siteId: string; expiresAt: string } | null;
  platform: { expiresAt: string } | null;
}

export type Credential = { token: string } | { siteId: string; key: string } | { key: string };

interface SignedIn {
  role: 'site' | 'platform';
  siteId?: string;
  expiresAt: string;
}

/** `undefined` until the server has answered. */
export const sessions = signal<Sessions | undefined>(undefined);

/** Set where a session has ended while somebody was working, to those before it: what is on the screen stays. */
export const endedSession = signal<Sessions | undefined>(undefined);

/** How often somebody has signed in: what could not be read before is read again. */
export const signIns = signal(0);

/** Said once, where somebody has signed out. */
export const signedOut = signal(false);

/** What a screen has asked for meanwhile is refused: that is no news. */
let isLeaving = false;

whenSessionEnds.notify = () => {
  // What else is refused meanwhile is no other end: whoever has put off signing in again is not asked once more.
  if (isLeaving || signedOut.value || endedSession.value) return;
  endedSession.value = sessions.value ?? { site: null, platform: null };
  // What is open now says why.
  readSessions().catch(() => {});
};

/** What was asked before somebody signed in or out is answered too late. */
let lastRead = 0;

/** @throws Problem, Unreachable */
export async function readSessions(): Promise<void> {
  lastRead += 1;
  const read = lastRead;
  const { value } = await request<Sessions>('GET', '/console/session');
  if (read !== lastRead) return;
  const { site, platform } = sessions.value ?? {};
  const hasEnded = (site && site.siteId !== value.site?.siteId) || (platform && !value.platform);
  // What somebody works on does not go away under their hands: they are asked to sign in again.
  if (hasEnded) endedSession.value ??= sessions.value;
  sessions.value = value;
}

/** @throws Problem, Unreachable */
export async function signIn(credential: Credential): Promise<SignedIn> {
  const { value } = await request<SignedIn>('POST', '/console/session', { body: credential });
  await readSessions();
  goOn();
  return value;
}

/** Somebody is signed in, here or in another tab. */
export function goOn(): void {
  endedSession.value = undefined;
  signedOut.value = false;
  signIns.value += 1;
}

/** @throws Problem, Unreachable */
export async function signOut(role: SignedIn['role']): Promise<void> {
  isLeaving = true;
  try {
    await request('DELETE', `/console/session?role=${role}`);
    lastRead += 1;
    signedOut.value = true;
    endedSession.value = undefined;
    if (sessions.value) sessions.value = { ...sessions.value, [role]: null };
  } finally {
    isLeaving = false;
  }
}
