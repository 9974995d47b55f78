import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { SITE_ID } from '../domain/ids.ts';
import { entityTag, requireMatch } from '../http/entity-tag.ts';
import { jsonAnswer } from '../http/json-answer.ts';
import { badRequest, preconditionFailed } from '../http/problem.ts';
import type { Site } from '../store/sites.ts';
import { changesSince, viewOf, viewVersion } from './view.ts';

/** What a site shows of itself, with its ETag. */
export function siteAnswer(
  statusCode: number,
  site: Site,
  more: object = {},
): APIGatewayProxyStructuredResultV2 {
  return jsonAnswer(statusCode, { ...viewOf(site), ...more }, { etag: entityTag(viewVersion(site)) });
}

/** Looks at a site before it is changed. @throws HttpProblem 412 where the request's `If-Match` says not to. */
export type CheckSite = (site: Site | undefined) => void;

export function checkIfMatch({ headers }: APIGatewayProxyEventV2): CheckSite {
  const header = headers['if-match'];
  return (site) => {
    if (site) requireMatch(header, viewVersion(site), (version) => changesSince(site, version));
    else if (header !== undefined) throw preconditionFailed(undefined, []);
  };
}

/** The site in the path, for the platform, which may say any. @throws HttpProblem 400 where no site can be called so. */
export function siteIdIn({ pathParameters }: APIGatewayProxyEventV2): string {
  return checkedSiteId(pathParameters?.siteId ?? '');
}

/** @throws HttpProblem 400 where no site can be called so. */
export function checkedSiteId(siteId: string): string {
  if (SITE_ID.test(siteId)) return siteId;
  throw badRequest(
    'A site id has 1 to 64 characters, a to z, 0 to 9 and "-", and begins and ends with a letter or digit.',
  );
}
