/** The message as its reader would see it, asked for anew with every key. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FieldError, PreviewBody } from '../../clients/typescript/client.ts';
import { Problem } from '../api/request.ts';
import { say } from '../i18n/language.ts';
import { type Preview, previewTemplate } from './api.ts';
import { bodyOf, type Draft } from './draft.ts';
import { Newest } from './newest.ts';
import { SAMPLES, type SampleName } from './samples.ts';

export interface ShownPreview {
  preview: Preview | undefined;
  /** Of the text as it is now: then an older one is shown. */
  hasErrors: boolean;
  /** The API was not reached, or is too busy. */
  error: unknown;
}

/** The API takes no longer text: it is not asked about one. */
const MAX_TEXT_BYTES = 32_768;

const encoder = new TextEncoder();

function isTooLong(text: string): boolean {
  // A UTF-16 unit becomes three bytes at most.
  return text.length * 3 > MAX_TEXT_BYTES && encoder.encode(text).length > MAX_TEXT_BYTES;
}

interface Asked {
  body: PreviewBody;
  tag: string;
}

/** Alone in its language: an error in another one would leave this one without a preview. */
function askedFor(draft: Draft, tag: string, sample: SampleName): Asked {
  const {
    statuses,
    name: _name,
    enabled: _enabled,
    groups: _groups,
    audience: _audience,
    card: _card,
    ...body
  } = bodyOf(draft);
  const inTag = (texts: Record<string, string> | undefined) =>
    texts?.[tag] === undefined ? texts : { [tag]: texts[tag] };
  const buttons = {
    button: inTag(body.button),
    secondButton: inTag(body.secondButton),
    trackingButton: inTag(body.trackingButton),
    couponButton: inTag(body.couponButton),
  };
  return {
    tag,
    body: {
      ...body,
      ...(statuses && { statuses: statuses.slice(0, 1) }),
      text: { [tag]: body.text[tag] ?? '' },
      ...buttons,
      values: SAMPLES.find(({ name }) => name === sample)?.values(tag) ?? {},
    },
  };
}

/** How long to wait where the API asks for it but does not say how long, in seconds. */
const PAUSE = 2;

export function usePreview(siteId: string, draft: Draft, tag: string, sample: SampleName): ShownPreview {
  const [shown, setShown] = useState<ShownPreview & { key?: string }>({
    preview: undefined,
    hasErrors: false,
    error: undefined,
  });
  const newest = useRef<Newest<Asked, Preview | undefined>>(undefined);
  useLayoutEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const asking = new Newest<Asked, Preview | undefined>({
      ask: async ({ body, tag: wanted }) => (await previewTemplate(siteId, body)).previews[wanted],
      onAnswer: (preview) => setShown({ preview, hasErrors: false, error: undefined }),
      onError: (error, asked) => {
        const isWrong = error instanceof Problem && error.status === 400;
        setShown(({ preview }) => ({ preview, hasErrors: isWrong, error: isWrong ? undefined : error }));
        if (!(error instanceof Problem) || error.status !== 429) return;
        clearTimeout(timer);
        timer = setTimeout(() => asking.want(asked), (error.retryAfter ?? PAUSE) * 1_000);
      },
    });
    newest.current = asking;
    return () => {
      clearTimeout(timer);
      asking.close();
    };
  }, [siteId]);
  const asked = askedFor(draft, tag, sample);
  const key = JSON.stringify(asked);
  // Asked for at once: an ordinary effect would wait until what was typed is painted.
  const isAsked = !isTooLong(draft.text[tag] ?? '');
  useLayoutEffect(() => {
    if (isAsked) newest.current?.want(asked);
  }, [siteId, key, isAsked]);
  return isAsked ? shown : { preview: shown.preview, hasErrors: true, error: undefined };
}

export interface Check {
  errors: readonly FieldError[];
  warnings: readonly FieldError[];
}

function tooLongIn(tag: string): FieldError {
  return {
    pointer: `/text/${tag}`,
    code: 'invalid',
    detail: say({
      it: 'Il testo è troppo lungo: accorciarlo.',
      en: 'The text is too long: shorten it.',
    }),
  };
}

const NOTHING: Check = { errors: [], warnings: [] };

/** After so many milliseconds without a key the whole message is checked: nobody is told off in the middle of a word. */
const PAUSE_IN_TYPING = 500;

/** What is wrong, and what reads badly, in all languages of the message. */
export function useCheck(siteId: string, templateId: string | undefined, draft: Draft): Check {
  const [check, setCheck] = useState<Check>(NOTHING);
  const newest = useRef<Newest<PreviewBody, readonly FieldError[]>>(undefined);
  useEffect(() => {
    const asking = new Newest<PreviewBody, readonly FieldError[]>({
      ask: async (body) => (await previewTemplate(siteId, body)).warnings ?? [],
      onAnswer: (warnings) => setCheck({ errors: [], warnings }),
      onError: (error) => {
        // Where the API is out of reach the page says so, and saving checks once more.
        if (error instanceof Problem && error.status === 400)
          setCheck({ errors: error.errors, warnings: [] });
      },
    });
    newest.current = asking;
    return () => asking.close();
  }, [siteId]);
  const { name: _, ...body } = bodyOf(draft);
  const isEmpty = Object.keys(body.text).length === 0;
  const key = JSON.stringify(body);
  useEffect(() => {
    if (isEmpty) {
      setCheck(NOTHING);
      return;
    }
    const tooLong = Object.entries(body.text).filter(([, text]) => isTooLong(text));
    if (tooLong.length > 0) {
      setCheck({ errors: tooLong.map(([tag]) => tooLongIn(tag)), warnings: [] });
      return;
    }
    const ask = () => newest.current?.want({ ...body, ...(templateId !== undefined && { id: templateId }) });
    const timer = setTimeout(ask, PAUSE_IN_TYPING);
    return () => clearTimeout(timer);
  }, [siteId, templateId, key, isEmpty]);
  return check;
}
