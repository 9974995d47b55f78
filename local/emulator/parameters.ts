import { badRequest } from './errors.ts';
import type { CallParameters } from './types.ts';

/**
 * Reads the parameters of a call. The Bot API accepts JSON, forms and query strings: so a number may
 * come as text, and an object as JSON in a text.
 */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(parameters: CallParameters, name: string): string {
  const value = parameters[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return '';
}

/** An integer, or undefined when it is absent or not one. */
export function integerOf(parameters: CallParameters, name: string): number | undefined {
  const value = textOf(parameters, name).trim();
  if (!/^-?\d+$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

export function booleanOf(parameters: CallParameters, name: string): boolean {
  const value = textOf(parameters, name).trim().toLowerCase();
  return value === 'true' || value === '1' || value === 'yes';
}

/**
 * An object or array, given as it is or as JSON text; undefined when absent.
 * @throws {BotApiError} when the text is no JSON.
 */
export function structureOf(parameters: CallParameters, name: string, what: string): unknown {
  const value = parameters[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw badRequest(`can't parse ${what} JSON object`);
  }
}
