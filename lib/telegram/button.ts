import type { LinkButton } from '../domain/buttons.ts';

/**
 * A button under a message. It opens a link, sends its data (1 to 64 bytes) back to the bot, or copies a text (1 to 256
 * characters).
 */
export type Button =
  | LinkButton
  | { text: string; callback_data: string }
  | { text: string; copy_text: { text: string } };
