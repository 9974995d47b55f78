import { retentionHandler } from '../lib/users/retention-handler.ts';

/** Once a day: removes the people, and what is left of them, whom nobody needs any more. */
export const handler = retentionHandler;
