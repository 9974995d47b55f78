import { InvalidInputError } from '../domain/errors.ts';
import { canonicalTimeZone } from '../i18n/time-zones.ts';
import type { Site, SiteChange } from '../store/sites.ts';
import { inTone } from '../templates/template-kinds.ts';
import { requirePublic } from './public-address.ts';
import type { SettingsPatch } from './schemas.ts';

/**
 * The change of a site that a merchant's patch asks for.
 *
 * @throws InvalidInputError where the default language would not be one of the site's languages, or where customers could
 * not open an address.
 */
export function settingsChange(site: Site, patch: SettingsPatch): SiteChange {
  const { merchantContact, privacyUrl, timeZone, abandonedCartHours, ...asGiven } = patch;
  const change: SiteChange = {
    ...asGiven,
    ...(timeZone && { timeZone: canonicalTimeZone(timeZone) }),
    // DynamoDB refuses numbers of more than 38 digits.
    ...(abandonedCartHours !== undefined && { abandonedCartHours: Number(abandonedCartHours.toFixed(6)) }),
    ...(merchantContact !== undefined && { merchantContact: merchantContact ?? undefined }),
    ...(privacyUrl !== undefined && { privacyUrl: privacyUrl ?? undefined }),
    ...(patch.tone && { templates: inTone(site.templates, patch.tone, (site.version ?? 0) + 1) }),
  };
  requirePublic({ merchantContact, privacyUrl }, site);
  checkLanguages({ ...site, ...change } as Site, patch);
  return change;
}

function checkLanguages({ languages, defaultLanguage }: Site, patch: SettingsPatch): void {
  if (languages.includes(defaultLanguage)) return;
  const named = languages.map((tag) => `"${tag}"`).join(', ');
  throw new InvalidInputError([
    patch.defaultLanguage !== undefined
      ? { pointer: '/defaultLanguage', detail: `Must be one of the languages of the site: ${named}.` }
      : {
          pointer: '/languages',
          detail: `Must contain the default language "${defaultLanguage}"; or set another "defaultLanguage" with it.`,
        },
  ]);
}
