/** The buttons below a message. */

/** The colours that Telegram has for a button: blue, green, red. @see Bot API 9.4, "InlineKeyboardButton" */
export const BUTTON_STYLES = ['primary', 'success', 'danger'] as const;
export type ButtonStyle = (typeof BUTTON_STYLES)[number];

/** A button that opens a page. */
export interface LinkButton {
  text: string;
  url: string;
  style?: ButtonStyle;
}

/** A button that copies a text with one touch. */
export interface CopyButton {
  text: string;
  copyText: string;
}

/** The longest text that a button copies. @see Bot API 7.11, "CopyTextButton" */
export const MAX_COPY_LENGTH = 256;
