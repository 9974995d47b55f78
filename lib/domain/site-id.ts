/** The form of a site id. An id of another form can't exist: it is refused without a read. */
export const SITE_ID = /^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/;
