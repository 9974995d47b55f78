import { ServiceUnreachableError } from '../domain/errors.ts';
import { StaleSiteError } from '../store/sites.ts';

/** Somebody who saves one template after the other changes a site several times while an event comes in. */
const MAX_ROUNDS = 5;

/**
 * Does something with a site that may be remembered; where the site was changed since, once more with the site as it is
 * now.
 *
 * @param attempt learns which version of the site is noted, where it has to be read anew. It may run several times.
 * @throws ServiceUnreachableError where the site does not hold still; the caller may repeat it.
 */
export async function withCurrentSite<Result>(
  attempt: (noted: number | undefined) => Promise<Result>,
): Promise<Result> {
  let stale: StaleSiteError | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    try {
      return await attempt(stale?.version);
    } catch (error) {
      if (!(error instanceof StaleSiteError)) throw error;
      stale = error;
    }
  }
  throw new ServiceUnreachableError('DynamoDB', { cause: stale });
}
