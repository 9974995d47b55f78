import { clockHandler } from '../lib/observability/clock-handler.ts';
import { sweepPeople } from '../lib/users/sweep-people.ts';

/** Every minute: finds changes of people that nobody has applied. */
export const handler = clockHandler('people-due', () => sweepPeople(Date.now()));
