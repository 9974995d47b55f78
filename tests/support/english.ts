/** What is wrong with a template, as somebody reads it whose answers are in English; without the codes for programs. */
import type { FieldError } from '../../lib/domain/errors.ts';
import { inLanguage } from '../../lib/domain/sentence.ts';
import * as drafts from '../../lib/templates/api/draft-errors.ts';
import type { TemplateProblem } from '../../lib/templates/mustache-structure.ts';
import * as texts from '../../lib/templates/validate.ts';

function inEnglish<Wrong extends TemplateProblem | FieldError>({ detail, code: _, ...wrong }: Wrong) {
  return { ...wrong, detail: inLanguage(detail, 'en') };
}

export const validateText = (...given: Parameters<typeof texts.validateText>) =>
  texts.validateText(...given).map(inEnglish);

export const validateButton = (...given: Parameters<typeof texts.validateButton>) =>
  texts.validateButton(...given).map(inEnglish);

export const draftErrors = (...given: Parameters<typeof drafts.draftErrors>) =>
  drafts.draftErrors(...given).map(inEnglish);

export const textErrors = (...given: Parameters<typeof drafts.textErrors>) =>
  drafts.textErrors(...given).map(inEnglish);
