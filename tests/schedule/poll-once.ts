/** A process of its own that runs a poller once (`POLLER`, at the moment `AT`): it can be killed at any point. */
import { dueCarts } from '../../lib/schedule/carts.ts';
import { poll } from '../../lib/schedule/poller.ts';
import { dueReminders } from '../../lib/schedule/reminders.ts';

const { POLLER, AT } = process.env;
await poll(POLLER === 'cart' ? dueCarts : dueReminders, {
  now: () => Number(AT),
  remainingMilliseconds: () => 60_000,
});
// Connections that are kept open would keep the process: it is done.
process.exit(0);
