/** The language of an answer: that of its sentences, which the caller asks for with `Accept-Language`. */
import type { FieldError } from '../domain/errors.ts';
import { inLanguage, type SentenceLanguage } from '../domain/sentence.ts';
import { answerLanguage } from '../i18n/answer-language.ts';
import type { HttpRequest } from './request.ts';

export function languageOf({ headers }: Pick<HttpRequest, 'headers'>): SentenceLanguage {
  return answerLanguage(headers['accept-language']);
}

/**
 * The header fields of an answer with sentences: RFC 9110, sections 8.5 and 12.5.5.
 *
 * @param vary what else it depends on.
 */
export function inThat(language: SentenceLanguage, vary?: string): Record<string, string> {
  return { 'content-language': language, vary: [vary, 'Accept-Language'].filter(Boolean).join(', ') };
}

/** Wrong places, or warnings, as an answer shows them. */
export interface SpokenPlace {
  pointer: string;
  code: string;
  detail: string;
}

export function placesIn(language: SentenceLanguage, errors: readonly FieldError[]): SpokenPlace[] {
  return errors.map(({ pointer, code = 'invalid', detail }) => ({
    pointer,
    code,
    detail: inLanguage(detail, language),
  }));
}

/** Absent where there is nothing to warn of. */
export function warned(warnings: FieldError[], language: SentenceLanguage): { warnings?: SpokenPlace[] } {
  return warnings.length > 0 ? { warnings: placesIn(language, warnings) } : {};
}
