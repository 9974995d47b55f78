import type { Site } from '../../clients/typescript/client.ts';

/** What each screen of a shop gets. The rest of the address is in `place`. */
export interface SiteScreenProps {
  site: Site;
  siteId: string;
  /** The version of the site, for `If-Match`. */
  etag: string | undefined;
  /** After a change of the site: reads it again. */
  reloadSite: () => void;
}
