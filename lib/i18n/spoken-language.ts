/** Which of the languages that linking speaks suits a person best: Italian, or English for everybody else. */
export type SpokenLanguage = 'it' | 'en';

/** @param language BCP 47; absent: the site's own. */
export function spokenLanguage(language: string | undefined, siteLanguage: string): SpokenLanguage {
  return /^it(?:[-_]|$)/i.test((language ?? siteLanguage).trim()) ? 'it' : 'en';
}
