/** A process of its own that runs a clock once (`CLOCK`, at the moment `AT`): it can be killed at any point. */
import { abandonedCart } from '../../functions/abandoned-cart.ts';
import { reminders } from '../../functions/activity-reminder.ts';
import { dueCarts } from '../../lib/schedule/carts.ts';
import { poll } from '../../lib/schedule/poller.ts';

const { CLOCK, AT } = process.env;
const running = { now: () => Number(AT), remainingMilliseconds: () => 60_000 };
await (CLOCK === 'cart' ? poll(dueCarts(abandonedCart), running) : poll(reminders, running));
// Connections that are kept open would keep the process: it is done.
process.exit(0);
