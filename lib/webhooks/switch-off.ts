import { log } from '../observability/logger.ts';
import type { SiteWebhook, WebhookProblem } from '../store/site-webhook.ts';
import { updateSite } from '../store/sites.ts';

/** What the shop reads of it. */
const DESCRIPTIONS: Record<WebhookProblem['kind'], string> = {
  'endpoint-gone':
    'The endpoint has answered 410 (Gone), which means that it wants nothing more: nothing is told. Save the webhook again (PUT …/webhook) to go on.',
  'endpoint-failing':
    'For five days the endpoint has taken nothing, whatever it was told: it is not called any more. See "tries", test it with POST …/webhook/test, and save the webhook again (PUT …/webhook) to go on.',
};

/**
 * Switches the webhook of a site off, unless it was saved again since it was read. It counts as a change of the site: the
 * functions that send write nothing more for it.
 *
 * @throws ServiceUnreachableError
 */
export async function switchOff(
  siteId: string,
  { savedAt }: SiteWebhook,
  kind: WebhookProblem['kind'],
): Promise<void> {
  const since = new Date(Date.now()).toISOString();
  await updateSite(siteId, ({ webhook }) => {
    if (webhook?.savedAt !== savedAt) return {};
    return { webhook: { ...webhook, problem: { kind, since, description: DESCRIPTIONS[kind] } } };
  });
  log.warn('webhook switched off', { siteId, kind });
}
