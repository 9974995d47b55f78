import { ServiceUnreachableError } from '../domain/errors.ts';

/** How many times a change is tried if others change the same item at the same time. */
export const MAX_ROUNDS = 20;

/** Others were faster in every round. @param what the item, at the beginning of a sentence. */
export function changedByOthers(what: string, rounds = MAX_ROUNDS): ServiceUnreachableError {
  const cause = new Error(`${what} was changed by others ${rounds} times in a row.`);
  return new ServiceUnreachableError('DynamoDB', { cause });
}
