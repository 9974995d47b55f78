/** Who changes something. */
export interface Actor {
  /** Whose key was sent; `terminal`: somebody with access to the tables (`npm run site`). */
  caller: 'site' | 'platform' | 'terminal';
  /** The id of that key: see `keyIdOf`. */
  keyId?: string;
  /** What the key is called, if it has a name. */
  name?: string;
  /** Absent: a program sent the key itself. `console`: somebody had signed in with it, or with a link made with it. */
  via?: 'console';
}

/** How the site is told who it was: keys of the platform are not its business. */
export function asSiteSees(by: Actor): Actor {
  if (by.caller === 'site') return by;
  return { caller: by.caller, ...(by.via && { via: by.via }) };
}

/** The id of a key, which is no secret: the first 8 digits of its SHA-256 (hex). It stays for as long as the key. */
export function keyIdOf(hash: string): string {
  return hash.slice(0, 8);
}
