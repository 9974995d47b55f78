import type { CartSeries } from '../domain/cart-series.ts';
import { InvalidInputError } from '../domain/errors.ts';
import type { Sentence } from '../domain/sentence.ts';
import { canonicalTimeZone } from '../i18n/time-zones.ts';
import type { Site, SiteChange } from '../store/sites.ts';
import { sharedButtonErrors } from '../templates/api/draft-errors.ts';
import { KIND_OF_BUTTON, SHARED_BUTTONS } from '../templates/shared-buttons.ts';
import { inTone, sharedButtonsInTone, withoutDefaultButtons } from '../templates/template-kinds.ts';
import { requirePublic } from './public-address.ts';
import type { SettingsPatch } from './schemas.ts';

/**
 * The change of a site that a merchant's patch asks for.
 *
 * @throws InvalidInputError where the default language would not be one of the site's languages, or where customers could
 * not open an address.
 */
export function settingsChange(site: Site, patch: SettingsPatch): SiteChange {
  const { merchantContact, privacyUrl, timeZone, abandonedCartHours, orderButton, cartButton, ...others } =
    patch;
  const { quietHours, staff, cartSeries, ...asGiven } = others;
  const change: SiteChange = {
    ...asGiven,
    ...(timeZone && { timeZone: canonicalTimeZone(timeZone) }),
    ...(abandonedCartHours !== undefined && { abandonedCartHours: storedHours(abandonedCartHours) }),
    ...(cartSeries !== undefined && { cartSeries: cartSeries ? storedSeries(cartSeries) : undefined }),
    ...(quietHours !== undefined && { quietHours: quietHours ?? undefined }),
    ...(staff !== undefined && { staff: staff?.length ? staff : undefined }),
    ...(merchantContact !== undefined && { merchantContact: merchantContact ?? undefined }),
    ...(privacyUrl !== undefined && { privacyUrl: privacyUrl ?? undefined }),
    ...(patch.tone && sharedButtonsInTone(site, patch.tone)),
    ...(orderButton !== undefined && { orderButton: orderButton ?? undefined }),
    ...(cartButton !== undefined && { cartButton: cartButton ?? undefined }),
    ...templatesAfter(site, patch),
  };
  requirePublic({ merchantContact, privacyUrl }, site);
  checkButtons({ orderButton, cartButton });
  const changed = { ...site, ...change } as Site;
  checkLanguages(changed, patch);
  if (cartSeries !== undefined || abandonedCartHours !== undefined) checkSeries(changed, patch);
  return change;
}

/** DynamoDB refuses numbers of more than 38 digits. */
function storedHours(hours: number): number {
  return Number(hours.toFixed(6));
}

function storedSeries({ steps }: CartSeries): CartSeries {
  return { steps: steps.map(({ afterHours }) => ({ afterHours: storedHours(afterHours) })) };
}

/** Each message about a cart comes later than the one before. */
function checkSeries({ abandonedCartHours, cartSeries }: Site, patch: SettingsPatch): void {
  const hours = [abandonedCartHours, ...(cartSeries?.steps ?? []).map(({ afterHours }) => afterHours)];
  const errors = hours.flatMap((each, index) => {
    const before = hours[index - 1];
    if (before === undefined || each > before) return [];
    const detail = {
      en: `Message ${index + 1} about a cart must come later than message ${index}, which is sent after ${before} hours.`,
      it: `Il messaggio ${index + 1} sul carrello deve partire dopo il messaggio ${index}, che parte dopo ${before} ore.`,
    };
    const pointer = patch.cartSeries ? `/cartSeries/steps/${index - 1}/afterHours` : '/abandonedCartHours';
    return [{ pointer, detail }];
  });
  if (errors.length > 0) throw new InvalidInputError(errors);
}

/**
 * In another tone, and without the default texts of their own buttons where the site gets a shared one for the first time:
 * they were no choice of the merchant.
 */
function templatesAfter(site: Site, patch: SettingsPatch): Pick<SiteChange, 'templates'> {
  const version = (site.version ?? 0) + 1;
  let { templates } = site;
  if (patch.tone) templates = inTone(templates, patch.tone, version);
  for (const field of SHARED_BUTTONS) {
    const isFirst = site[field] === undefined && site.changedIn?.[field] === undefined;
    if (isFirst && patch[field]) templates = withoutDefaultButtons(templates, KIND_OF_BUTTON[field], version);
  }
  return templates === site.templates ? {} : { templates };
}

const NO_LANGUAGE: Sentence = {
  en: 'Write the text in at least one language, or null for none.',
  it: 'Scrivere il testo in almeno una lingua, oppure null per non averne nessuno.',
};

function checkButtons(patch: Pick<SettingsPatch, 'orderButton' | 'cartButton'>): void {
  const errors = SHARED_BUTTONS.flatMap((field) => {
    const button = patch[field];
    if (!button) return [];
    if (Object.keys(button).length === 0) return [{ pointer: `/${field}`, detail: NO_LANGUAGE }];
    return sharedButtonErrors(`/${field}`, button, KIND_OF_BUTTON[field]);
  });
  if (errors.length > 0) throw new InvalidInputError(errors);
}

function checkLanguages({ languages, defaultLanguage }: Site, patch: SettingsPatch): void {
  if (languages.includes(defaultLanguage)) return;
  const named = languages.map((tag) => `"${tag}"`).join(', ');
  if (patch.defaultLanguage === undefined) {
    const detail = {
      en: `Must contain the default language "${defaultLanguage}": to take that one out, set another default language with it.`,
      it: `Deve contenere la lingua predefinita "${defaultLanguage}": per toglierla, impostare insieme un'altra lingua predefinita.`,
    };
    throw new InvalidInputError([{ pointer: '/languages', detail }]);
  }
  const detail = {
    en: `Must be one of the languages of the site: ${named}.`,
    it: `Deve essere una delle lingue del sito: ${named}.`,
  };
  throw new InvalidInputError([{ pointer: '/defaultLanguage', code: 'not-one-of-these', detail }]);
}
