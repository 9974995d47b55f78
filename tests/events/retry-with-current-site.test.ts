/** What is done with a cached site is done again where the site was changed since. */
import { expect, test } from '@jest/globals';
import { ServiceUnreachableError } from '../../lib/domain/errors.ts';
import { withCurrentSite } from '../../lib/events/retry-with-current-site.ts';
import { StaleSiteError } from '../../lib/store/sites.ts';

/** An attempt that finds the site changed so many times, and the versions that it was given. */
function attemptAfter(changes: number) {
  const given: (number | undefined)[] = [];
  return {
    given,
    async attempt(latestVersion: number | undefined) {
      given.push(latestVersion);
      if (given.length <= changes) throw new StaleSiteError('demo', 10 + given.length);
      return 'done';
    },
  };
}

test('a site that is as it was cached is not read again', async () => {
  const { attempt, given } = attemptAfter(0);
  await expect(withCurrentSite(attempt)).resolves.toBe('done');
  expect(given).toEqual([undefined]);
});

test('after each change it is done with the version that was found last', async () => {
  const { attempt, given } = attemptAfter(4);
  await expect(withCurrentSite(attempt)).resolves.toBe('done');
  expect(given).toEqual([undefined, 11, 12, 13, 14]);
});

test('a site that is changed each time: the caller may repeat it', async () => {
  const { attempt, given } = attemptAfter(5);
  const error = await withCurrentSite(attempt).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ServiceUnreachableError);
  expect(error).toMatchObject({ service: 'DynamoDB', cause: expect.any(StaleSiteError) });
  expect(given).toHaveLength(5);
});

test('any other error passes through at once', async () => {
  const error = new Error('another');
  let attempts = 0;
  const failing = async () => {
    attempts += 1;
    throw error;
  };
  await expect(withCurrentSite(failing)).rejects.toBe(error);
  expect(attempts).toBe(1);
});
