import * as z from 'zod/mini';
import { fullName } from '../lib/domain/person-names.ts';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { eventFields, message, person, recipient } from '../lib/events/schemas.ts';

/** Notifica lettura messaggio: a recipient read a message. Its sender gets a message. */
export const messageRead = defineEvent({
  name: 'message-read',
  schema: (link) =>
    z.strictObject({ ...eventFields, message: message(link), reader: person, sender: recipient }),
  templateKind: () => 'message-read',
  recipients: ({ sender }) => [sender],
  actor: ({ reader }) => reader,
  url: ({ message }) => message.url,
  format: ({ message }) => message.format,
  values: ({ message, reader }) => ({
    oggettoMessaggio: message.subject,
    testoMessaggio: message.text,
    autore: fullName(reader),
  }),
});

export const { routes, handler } = eventFunction(messageRead);
