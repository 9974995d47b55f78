/** What people who work in the shop read. The texts address nobody, so they have no tone. */
import type { LocalizedText } from '../domain/templates.ts';

/** The notice of a new order: a template with the placeholders of `order-status`; the customer is `nominativo`. */
export const NEW_ORDER: { text: LocalizedText; button: LocalizedText } = {
  text: {
    it: [
      '🛒 <b>Nuovo ordine {{siglaDocumento}}</b>',
      '',
      '{{#nominativo}}',
      'Cliente: {{nominativo}}',
      '{{/nominativo}}',
      'Articoli: {{numeroArticoli}}',
      'Totale: <b>{{totaleOrdine}}</b>',
    ].join('\n'),
    en: [
      '🛒 <b>New order {{siglaDocumento}}</b>',
      '',
      '{{#nominativo}}',
      'Customer: {{nominativo}}',
      '{{/nominativo}}',
      'Items: {{numeroArticoli}}',
      'Total: <b>{{totaleOrdine}}</b>',
    ].join('\n'),
  },
  button: { it: 'Apri l’ordine', en: 'Open the order' },
};
