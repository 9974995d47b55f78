/** What a site id may look like: anything else can't exist, and costs no read. */
export const SITE_ID = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
