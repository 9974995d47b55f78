/** Which form of an answer a caller wants: `Accept`, RFC 9110, section 12.5.1. */
import { HttpProblem } from './problems.ts';
import type { HttpRequest } from './request.ts';

/** One range of `Accept`, such as `text/*;q=0.5`. */
interface MediaRange {
  type: string;
  subtype: string;
  /** From 0, not wanted at all, to 1. */
  quality: number;
}

/**
 * The form in which the caller wants the answer most. Of those wanted alike, the first.
 *
 * @param offered media types without parameters, such as `text/csv`.
 * @throws HttpProblem 406 where the caller wants none of them.
 */
export function preferredType<const Type extends string>(
  { headers }: Pick<HttpRequest, 'headers'>,
  offered: readonly [Type, ...Type[]],
): Type {
  const [usual] = offered;
  const { accept } = headers;
  if (accept === undefined || accept.trim() === '') return usual;
  const ranges = rangesIn(accept);
  // What nobody can read is as if it were not there.
  if (ranges.length === 0) return usual;
  const wanted = offered
    .map((type) => ({ type, quality: qualityOf(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality);
  const [best] = wanted;
  if (!best) throw notAcceptable(offered);
  return best.type;
}

function rangesIn(header: string): MediaRange[] {
  return header.split(',').flatMap((written) => {
    const [range = '', ...parameters] = written.split(';').map((part) => part.trim().toLowerCase());
    const [, type, subtype] = /^([^\s/]+)\/([^\s/]+)$/.exec(range) ?? [];
    if (!type || !subtype) return [];
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))?.replace(/^q\s*=\s*/, '');
    return [{ type, subtype, quality: qualityIn(weight) }];
  });
}

/** Section 12.4.2: 0 to 1 with up to three digits. What is none counts as not said. */
function qualityIn(weight: string | undefined): number {
  return weight !== undefined && /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight) ? Number(weight) : 1;
}

/** The most specific range that fits decides, also where another one wants more. */
function qualityOf(mediaType: string, ranges: MediaRange[]): number {
  const [type, subtype] = mediaType.split('/');
  const exact = ranges.find((range) => range.type === type && range.subtype === subtype);
  const kind = ranges.find((range) => range.type === type && range.subtype === '*');
  const any = ranges.find((range) => range.type === '*' && range.subtype === '*');
  return (exact ?? kind ?? any)?.quality ?? 0;
}

/** 406. */
export function notAcceptable(offered: readonly string[]): HttpProblem {
  return new HttpProblem({
    status: 406,
    code: 'not-acceptable',
    detail: {
      en: `This path answers with ${offered.join(' or ')}. Name one of them in "Accept", or leave it out.`,
      it: `Questo indirizzo risponde con ${offered.join(' o ')}. Indicare uno di questi formati in "Accept", oppure ometterlo.`,
    },
    headers: { vary: 'Accept' },
  });
}
