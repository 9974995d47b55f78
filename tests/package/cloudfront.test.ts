/** The stack of docs/cloudfront.md: callers reach the API as if CloudFront were not there, unless they come too often. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { REQUESTS_AT_ONCE, REQUESTS_PER_SECOND } from '../../lib/store/site-requests.ts';
import { packagedRoutes } from '../support/package.ts';
import { type CheckedTemplate, faultsOf } from '../support/template-checker.ts';

interface Rule {
  Name: string;
  Statement: { RateBasedStatement: Record<string, unknown> };
  Action: { Block: { CustomResponse: Record<string, unknown> } };
}

let template: CheckedTemplate;
let rules: Rule[];
let bodies: Record<string, { Content: string }>;
beforeAll(async () => {
  template = JSON.parse(await readFile(join(process.cwd(), 'resources/cloudfront.json'), 'utf8'));
  const { Rules, CustomResponseBodies } = propertiesOf('Firewall');
  rules = Rules as Rule[];
  bodies = CustomResponseBodies as typeof bodies;
});

const propertiesOf = (logicalId: string) =>
  template.Resources[logicalId]?.Properties as Record<string, unknown>;
const rateOf = (name: string) => rules.find(({ Name }) => Name === name)?.Statement.RateBasedStatement ?? {};

test('every resource is of a known type, with known properties of the right type', () => {
  expect(faultsOf(template)).toEqual([]);
});

test('every request is passed on as it is, with its host: the API answers for that name only', async () => {
  const { DistributionConfig } = propertiesOf('Distribution') as {
    DistributionConfig: { DefaultCacheBehavior: Record<string, unknown> };
  };
  const { DefaultCacheBehavior } = DistributionConfig;
  expect(DefaultCacheBehavior).toMatchObject({
    Compress: false,
    // CachingDisabled and AllViewer: docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide, "Use managed … policies".
    CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    OriginRequestPolicyId: '216adef6-5c7f-47e4-b989-5492eafa07d3',
  });
  const methods = new Set((await packagedRoutes()).flatMap(({ method }) => method ?? []));
  expect(DefaultCacheBehavior.AllowedMethods).toEqual(expect.arrayContaining([...methods]));
});

test('a key may do in a minute what the API takes from a site', () => {
  const rate = rateOf('by-key');
  expect(template.Parameters?.RequestsOfAKey?.Default).toBe(REQUESTS_AT_ONCE + 60 * REQUESTS_PER_SECOND);
  expect(rate).toMatchObject({ Limit: { Ref: 'RequestsOfAKey' }, EvaluationWindowSec: 60 });
  expect(rate.CustomKeys).toMatchObject([{ Header: { Name: 'authorization' } }]);
});

test('an address is limited too, but not the platform’s, and Telegram’s not where its webhooks lead', async () => {
  const { Statements } = (
    rateOf('by-address').ScopeDownStatement as { AndStatement: { Statements: unknown[] } }
  ).AndStatement;
  const ofSet = (logicalId: string) => ({
    IPSetReferenceStatement: { Arn: { 'Fn::GetAtt': [logicalId, 'Arn'] } },
  });
  const path = { PositionalConstraint: 'STARTS_WITH', SearchString: '/v1/telegram/' };
  expect(Statements).toMatchObject([
    { NotStatement: { Statement: ofSet('PlatformIPSet') } },
    {
      NotStatement: {
        Statement: {
          AndStatement: { Statements: [ofSet('TelegramIPSet'), { ByteMatchStatement: path }] },
        },
      },
    },
  ]);
  const webhooks = (await packagedRoutes()).filter(({ functionName }) => functionName === 'bot');
  for (const route of webhooks) expect(route.path?.startsWith(path.SearchString)).toBe(true);
});

test('whoever comes too often is told as the API tells it: 429, when to come again, a problem in JSON', () => {
  expect(rules.length).toBe(2);
  for (const { Action } of rules) {
    expect(Action.Block.CustomResponse).toMatchObject({
      ResponseCode: 429,
      ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
    });
    const body = bodies[String(Action.Block.CustomResponse.CustomResponseBodyKey)]?.Content ?? '';
    expect(JSON.parse(body)).toMatchObject({ status: 429, title: 'Too Many Requests' });
  }
});
