/**
 * A link that signs in: `…/console/#token=SITEID.RANDOM`. What stands behind `#` is sent to no server, so that no preview
 * uses it up. It is taken out of the address before anything else is done.
 */
import { signal } from '@preact/signals';

/** The token, until it has been exchanged. */
export const linkToken = signal(taken());

// Such a link may also be opened where the console is open: the address is then again what it was, so that no screen goes
// away before anybody was asked.
addEventListener('hashchange', ({ oldURL }) => {
  linkToken.value = taken(oldURL) ?? linkToken.value;
});

/** @param before the address that takes its place. */
function taken(before: string = location.pathname): string | undefined {
  // Programs that send mail may have added something behind it.
  const [, token] = location.hash.match(/^#token=([^&]*)/) ?? [];
  if (token !== undefined) history.replaceState(null, '', before);
  return token || undefined;
}
