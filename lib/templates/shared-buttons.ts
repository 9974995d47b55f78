/** The texts of buttons that all templates of a kind share: those of orders, and those of carts. */
import type { LocalizedText, TemplateKind } from '../domain/templates.ts';
import type { Tone } from '../domain/tone.ts';
import { defaultButton } from './default-buttons.ts';

/** The settings of a site that have them. */
export interface SharedButtons {
  orderButton?: LocalizedText;
  cartButton?: LocalizedText;
}

/** The kind whose templates share a text. */
export const KIND_OF_BUTTON = {
  orderButton: 'order-status',
  cartButton: 'abandoned-cart',
} as const satisfies Record<keyof SharedButtons, TemplateKind>;

export const SHARED_BUTTONS = ['orderButton', 'cartButton'] as const;

/** The text that the templates of a kind share; absent where each has its own. */
export function sharedButtonOf(site: SharedButtons, kind: TemplateKind): LocalizedText | undefined {
  const field = fieldOf(kind);
  return field && site[field];
}

/** Whether the templates of a kind may share the text of their buttons. */
export function sharesButton(kind: TemplateKind): boolean {
  return fieldOf(kind) !== undefined;
}

function fieldOf(kind: TemplateKind): keyof SharedButtons | undefined {
  return SHARED_BUTTONS.find((field) => KIND_OF_BUTTON[field] === kind);
}

/** Those of a new site. Each call makes new objects. */
export function defaultSharedButtons(tone: Tone): Required<SharedButtons> {
  return {
    orderButton: { ...defaultButton(KIND_OF_BUTTON.orderButton, tone) },
    cartButton: { ...defaultButton(KIND_OF_BUTTON.cartButton, tone) },
  };
}
