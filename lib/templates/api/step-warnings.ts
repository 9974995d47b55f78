import { hoursOfStep } from '../../domain/cart-series.ts';
import type { FieldError } from '../../domain/errors.ts';
import type { Template } from '../../domain/templates.ts';
import { LATER_STEPS } from '../../i18n/later-steps.ts';
import type { Site } from '../../store/sites.ts';

/** A later message about a cart that the settings of the site do not have: it sends nothing. */
export function stepWarnings({ step = 1 }: Pick<Template, 'step'>, site: Site): FieldError[] {
  const name = LATER_STEPS[step - 2];
  if (!name || hoursOfStep(site, step) !== undefined) return [];
  return [
    {
      pointer: '/step',
      code: 'step-not-set',
      detail: {
        en: `It sends nothing yet: the settings do not say after how many hours the ${name.en} goes out. Set the hours there.`,
        it: `Per ora non invia nulla: nelle impostazioni non è scritto dopo quante ore parte il ${name.it}. Indicarlo lì.`,
      },
    },
  ];
}
