/** Further messages about one abandoned cart: advertising, for those alone who want it. */
export interface CartSeries {
  /** When each of them is sent, in hours after the cart was abandoned; the first message is none of them. */
  steps: { afterHours: number }[];
}

/** The messages after the first one. */
export const MAX_LATER_STEPS = 2;

/** The messages about a cart, with the first one. */
export const MAX_STEPS = 1 + MAX_LATER_STEPS;

/** When a message is sent, in hours after the cart was abandoned; `undefined`: the site has no such step. */
export function hoursOfStep(
  { abandonedCartHours, cartSeries }: { abandonedCartHours: number; cartSeries?: CartSeries | undefined },
  step: number,
): number | undefined {
  return step === 1 ? abandonedCartHours : cartSeries?.steps[step - 2]?.afterHours;
}
