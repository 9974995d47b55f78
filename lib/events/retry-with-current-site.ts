import { ServiceUnreachableError } from '../domain/errors.ts';
import { StaleSiteError } from '../store/sites.ts';

/** A merchant who saves several templates in a row changes the site several times while one event is handled. */
const MAX_ROUNDS = 5;

/**
 * Runs `attempt` with a site that may be cached. If the site was changed since it was cached, runs it again with the
 * current site.
 *
 * @param attempt gets the latest version of the site if it has to read the site again. It may run several times.
 * @throws ServiceUnreachableError if the site was changed again each time; the caller may repeat the call.
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
