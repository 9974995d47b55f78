import { InvalidInputError } from '../domain/errors.ts';
import type { Site, SiteChange } from '../store/sites.ts';
import type { SettingsPatch } from './schemas.ts';

/**
 * What a merchant's patch makes of the site's settings.
 *
 * @throws InvalidInputError where the default language would be none of the site's languages.
 */
export function settingsChange(site: Site, patch: SettingsPatch): SiteChange {
  const { merchantContact, languages, defaultLanguage, timeZone, abandonedCartHours, ...asGiven } = patch;
  const change: SiteChange = {
    ...asGiven,
    ...(languages && { languages: languages.map(canonicalLanguage) }),
    ...(defaultLanguage && { defaultLanguage: canonicalLanguage(defaultLanguage) }),
    ...(timeZone && { timeZone: canonicalTimeZone(timeZone) }),
    // Numbers of more digits than DynamoDB keeps would be refused there.
    ...(abandonedCartHours !== undefined && { abandonedCartHours: Number(abandonedCartHours.toFixed(6)) }),
    ...(merchantContact !== undefined && { merchantContact: merchantContact ?? undefined }),
  };
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

/** As BCP 47 likes it written: `en-gb` becomes `en-GB`. */
function canonicalLanguage(tag: string): string {
  return Intl.getCanonicalLocales(tag)[0] ?? tag;
}

/** The name in its usual capitals. Where a zone has several names, the one that was given stays. */
function canonicalTimeZone(name: string): string {
  const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  return known.toLowerCase() === name.toLowerCase() ? known : name;
}
