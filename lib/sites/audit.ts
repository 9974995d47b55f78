/** Who changed what on a site. */
import * as z from 'zod/mini';
import { cursor, DEFAULT_LIMIT, limit, wrongCursor } from '../deliveries/log-parameters.ts';
import { type Actor, asSiteSees } from '../domain/actor.ts';
import { findAudit, type LastChange } from '../store/site-audit.ts';
import { findErasedSite, readSite, type Site } from '../store/sites.ts';
import { missingSite } from './former-site.ts';

/** The query of `GET …/audit`. */
export const auditParameters = z.strictObject({ cursor: z.optional(cursor), limit: z.optional(limit) });

export interface AuditView {
  entries: { at: string; by: Actor; changes: LastChange['changes'] }[];
  cursor?: string;
}

type Parameters = z.infer<typeof auditParameters>;

/** For the site: its own entries, not those of another one that had its id. @throws HttpProblem, ServiceUnreachableError */
export async function auditOfSite(site: Site, parameters: Parameters): Promise<AuditView> {
  const { siteId, createdAt, lastChange } = site;
  const view = await page({ siteId, since: createdAt }, lastChange, parameters);
  return { ...view, entries: view.entries.map((entry) => ({ ...entry, by: asSiteSees(entry.by) })) };
}

/**
 * For the platform: all that is known of an id, also of sites that were deleted.
 *
 * @throws NotFoundError where nothing is. @throws HttpProblem, ServiceUnreachableError
 */
export async function auditForPlatform(siteId: string, parameters: Parameters): Promise<AuditView> {
  const site = await readSite(siteId);
  const { lastChange } = site ?? (await findErasedSite(siteId)) ?? {};
  const view = await page({ siteId }, lastChange, parameters);
  if (!site && view.entries.length === 0 && parameters.cursor === undefined) throw await missingSite(siteId);
  return view;
}

async function page(
  of: { siteId: string; since?: string | undefined },
  last: LastChange | undefined,
  parameters: Parameters,
): Promise<AuditView> {
  const before = parameters.cursor && Buffer.from(parameters.cursor, 'base64url').toString();
  if (before !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(before)) throw wrongCursor();
  const wanted = { ...of, before, limit: Number(parameters.limit ?? DEFAULT_LIMIT) };
  const { entries, next } = await findAudit(wanted, last);
  return { entries, ...(next !== undefined && { cursor: Buffer.from(next).toString('base64url') }) };
}
