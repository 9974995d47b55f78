/** Requests about the shop that is shown. */
import { type Answer, type Method, type RequestOptions, request } from './request.ts';

/** @param path after the site's own, such as `/templates`, or empty. Ids in it are written by `pathId` of the client. */
export function siteRequest<Value>(
  siteId: string,
  method: Method,
  path = '',
  options: RequestOptions = {},
): Promise<Answer<Value>> {
  return request<Value>(method, `/v1/sites/${encodeURIComponent(siteId)}${path}`, options);
}
