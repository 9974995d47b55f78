import { shortenHtml, TelegramHtmlError } from '../telegram/html/index.ts';

/** The text, shortened where it is too long. One that Telegram refuses for its HTML stays: it is sent as plain text. */
export function fitted(html: string, maxLength?: number): string {
  try {
    return shortenHtml(html, maxLength);
  } catch (error) {
    if (error instanceof TelegramHtmlError) return html;
    throw error;
  }
}
