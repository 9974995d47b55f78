/** A process of its own that runs the poller of `EVENT` once, at the moment `AT`: it can be killed at any point. */
import { flushCompileCache } from 'node:module';
import { pollDue, type ScheduledEvent } from '../support/schedule.ts';

const { EVENT, AT } = process.env;
// What is killed keeps nothing at its end.
flushCompileCache();
await pollDue(EVENT as ScheduledEvent, Number(AT));
// Connections that are kept open would keep the process: it is done.
process.exit(0);
