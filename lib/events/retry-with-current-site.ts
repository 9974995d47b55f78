import { ServiceUnreachableError } from '../domain/errors.ts';
import { StaleSiteError } from '../store/sites.ts';

/** Somebody who saves one template after the other changes a site several times while an event comes in. */
const MAX_ROUNDS = 5;

/**
 * Does something with a site that may be cached; where the site was changed since, once more with the site as it is now.
 *
 * @param attempt gets the latest version of the site where it has to read it again. It may run several times.
 * @throws ServiceUnreachableError where the site is changed again each time; the caller may repeat it.
 */
export async function withCurrentSite<Result>(
  attempt: (latestVersion: number | undefined) => Promise<Result>,
): Promise<Result> {
  let stale: StaleSiteError | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    try {
      return await attempt(stale?.latestVersion);
    } catch (error) {
      if (!(error instanceof StaleSiteError)) throw error;
      stale = error;
    }
  }
  throw new ServiceUnreachableError('DynamoDB', { cause: stale });
}
