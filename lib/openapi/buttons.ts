import * as z from 'zod/mini';
import { BUTTON_STYLES, type CopyButton, type LinkButton } from '../domain/buttons.ts';
import { type Shape, text } from './schemas.ts';

/** A button that opens a page, as it is shown. */
export const linkButton = z.object({
  text,
  url: text,
  style: z.optional(z.enum(BUTTON_STYLES)),
} satisfies Shape<LinkButton>);

/** A button that copies a text, as it is shown. */
export const copyButton = z.object({ text, copyText: text } satisfies Shape<CopyButton>);
