/** Which addresses customers can open: not those of one machine, or of somebody's own network. */
import { type FieldError, InvalidInputError } from '../domain/errors.ts';
import { whyNotPublic } from '../domain/public-address.ts';

/** Addresses with a scheme in a text. */
const ADDRESSES = /\bhttps?:\/\/[^\s<>"']+/gi;

/**
 * Refuses addresses of a shop that its customers can't open. What was saved before stays allowed: otherwise nothing else of
 * the site could be changed. The local run takes all of them.
 *
 * @param wanted the fields that change: addresses, or texts that may hold some.
 * @throws InvalidInputError
 */
export function requirePublic<Fields extends object>(wanted: Fields, known?: Partial<Fields>): void {
  if (process.env.STAGE === 'local') return;
  const errors = Object.entries(wanted).flatMap(([field, text]): FieldError[] => {
    if (typeof text !== 'string' || text === known?.[field as keyof Fields]) return [];
    const [reason] = (text.match(ADDRESSES) ?? [])
      .filter((url) => URL.canParse(url))
      .flatMap((url) => whyNotPublic(url) ?? []);
    if (reason === undefined) return [];
    const detail = {
      en: `Must be an address that customers can open: ${reason.en}.`,
      it: `Deve essere un indirizzo che i clienti possono aprire: ${reason.it}.`,
    };
    return [{ pointer: `/${field}`, code: 'address-not-public', detail }];
  });
  if (errors.length > 0) throw new InvalidInputError(errors);
}
