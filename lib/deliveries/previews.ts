/** Who opens a link without a person having asked for it: what they open is not counted. */
import { type HttpRequest, isHead } from '../http/request.ts';

/**
 * Programs that look at links in messages, to show a preview or to check them: those of Telegram ("TelegramBot (like
 * TwitterBot)"), WhatsApp, Facebook ("facebookexternalhit"), Skype, Slack, Discord, LinkedIn, Google, all others whose name
 * says that they are robots, and what scanners are written with (Python, Go, Java, a browser without a window). A phone of the
 * make Cubot is none.
 */
const ROBOTS =
  /(?<!cu)bot\b|crawl|spider|externalhit|whatsapp|skypeuripreview|preview|slack-imgproxy|facebookcatalog|vkshare|google-|mediapartners|feedfetcher|safelinks|^(?:python|java|go-http)|headless/i;

/** Whether nobody has opened the link: only the head is wanted, a browser loads in advance, or a program looks at it. */
export function isPreview(request: Pick<HttpRequest, 'headers' | 'requestContext'>): boolean {
  const { headers } = request;
  const purpose = `${headers.purpose ?? ''} ${headers['sec-purpose'] ?? ''} ${headers['x-moz'] ?? ''}`;
  return (
    isHead(request) || /prefetch|preview|prerender/i.test(purpose) || ROBOTS.test(headers['user-agent'] ?? '')
  );
}
