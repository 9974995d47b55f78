/** What bounds a piece of work, and what it has begun ends with it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { beforeDeadline, keepDeadline, sleep, timeLeft, withDeadline } from '../../lib/aws/deadline.ts';
import { ServiceUnreachableError } from '../../lib/domain/errors.ts';

const never = () => new Promise<never>(() => undefined);
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('when the time is over', () => {
  test('a call that never answers ends, whether it heeds the signal or not', async () => {
    const error = await errorOf(withDeadline(10, () => beforeDeadline(never)));
    expect(error).toBeInstanceOf(ServiceUnreachableError);
  });

  test('a pause ends', async () => {
    expect(await errorOf(withDeadline(10, () => sleep(60_000)))).toBeInstanceOf(ServiceUnreachableError);
  });

  test('no call begins', async () => {
    let begun = 0;
    const call = async () => {
      begun += 1;
    };
    await withDeadline(10, async () => {
      await errorOf(sleep(60_000));
      await errorOf(beforeDeadline(call));
    });
    expect(begun).toBe(0);
  });
});

test('when the work has ended, what it left in the background ends too', async () => {
  let left: Promise<unknown> | undefined;
  let goesOn = false;
  await withDeadline(Number.POSITIVE_INFINITY, async () => {
    left = errorOf(sleep(60_000)).then(() =>
      errorOf(
        beforeDeadline(async () => {
          goesOn = true;
        }),
      ),
    );
  });
  expect(await left).toBeInstanceOf(ServiceUnreachableError);
  expect(goesOn).toBe(false);
});

test('a part of the work has no more time than the whole', async () => {
  await withDeadline(20, async () => {
    const error = await errorOf(withDeadline(60_000, () => sleep(60_000)));
    expect(error).toBeInstanceOf(ServiceUnreachableError);
  });
  await withDeadline(1_000, async () => {
    await withDeadline(60_000, async () => expect(timeLeft()).toBeLessThanOrEqual(1_000));
  });
});

test('what is shared by several does not end with the first of them', async () => {
  await withDeadline(60_000, async () => {
    const shared = keepDeadline();
    let work: Promise<string> | undefined;
    await withDeadline(60_000, async () => {
      work = shared(async () => {
        await sleep(5);
        return 'done';
      });
    });
    expect(await work).toBe('done');
  });
});

test('without a deadline there is no limit', async () => {
  expect(timeLeft()).toBe(Number.POSITIVE_INFINITY);
  expect(await beforeDeadline(async (options) => options)).toEqual({});
});

describe('a DynamoDB that accepts and never answers', () => {
  let requests = 0;
  const server = createServer(() => {
    requests += 1;
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-south-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      SITES_TABLE: 'sites',
    });
  });
  afterAll(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  test('costs no more than the time of the work, and is not asked again afterwards', async () => {
    const { getItem } = await import('../../lib/aws/dynamodb.ts');
    const { sendTickets } = await import('../../lib/deliveries/tickets.ts');
    process.env.DRAIN_QUEUE_URL = `${process.env.AWS_ENDPOINT_URL}/queue`;
    for (const call of [() => getItem('SITES_TABLE', { siteId: 'demo' }), () => sendTickets(['demo'])])
      expect(await errorOf(withDeadline(500, call))).toBeInstanceOf(ServiceUnreachableError);
    // Longer than the clients wait before they try again.
    await sleep(3_500);
    expect(requests).toBe(2);
  });
});
