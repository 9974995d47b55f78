/** The colour of a message's button, and the buttons below it: folded as long as nobody uses them. */
import { useState } from 'preact/hooks';
import type { Site } from '../../clients/typescript/client.ts';
import { say } from '../i18n/language.ts';
import { Choice, Field } from '../ui/field.tsx';
import type { ButtonStyle, Draft, Localized } from './draft.ts';
import type { Place } from './places.ts';
import { STYLES } from './words.ts';

interface MoreButtonsProps {
  /** The language that is written. */
  tag: string;
  site: Site;
  draft: Draft;
  /** Errors and warnings of these fields, in this language or in all. */
  places: readonly Place[];
  onChange: (changed: Partial<Draft>) => void;
}

export function MoreButtons({ tag, site, draft, places, onChange }: MoreButtonsProps) {
  const isUsed =
    draft.buttonStyle !== undefined ||
    draft.couponCode !== '' ||
    [draft.secondButton, draft.trackingButton].some((texts) =>
      Object.values(texts).some((text) => text !== ''),
    );
  const [isOpen, setIsOpen] = useState(isUsed);
  const errorOf = (field: string) =>
    places
      .filter((place) => place.field === field)
      .map(({ detail }) => detail)
      .join(' ') || undefined;
  const text = (field: Exclude<Localized, 'text'>) => ({
    tag,
    value: draft[field][tag] ?? '',
    place: `${field}/${tag}`,
    error: errorOf(field),
    onInput: (value: string) => onChange({ [field]: { ...draft[field], [tag]: value } }),
  });
  const hasCoupon = draft.event === 'abandoned-cart' && draft.step > 1;
  const hasSecond = Object.values(draft.secondButton).some((each) => each !== '');
  return (
    <details
      class="more-buttons"
      open={isOpen || places.length > 0}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>
        {hasCoupon
          ? say({ it: 'Colore, altri pulsanti e coupon', en: 'Colour, other buttons and coupon' })
          : say({ it: 'Colore e altri pulsanti', en: 'Colour and other buttons' })}
      </summary>
      <div class="stack">
        <Choice<ButtonStyle | ''>
          label={say({ it: 'Colore del pulsante', en: 'Colour of the button' })}
          hint={say({
            it: 'Vale per tutte le lingue. Le versioni di Telegram più vecchie lo mostrano senza colore.',
            en: 'For all languages. Older versions of Telegram show it without a colour.',
          })}
          value={draft.buttonStyle ?? ''}
          options={[
            { value: '', label: say({ it: 'Quello di Telegram', en: 'That of Telegram' }) },
            ...STYLES.map(({ value, words }) => ({ value, label: say(words) })),
          ]}
          error={errorOf('buttonStyle')}
          onChange={(style) => onChange({ buttonStyle: style || undefined })}
        />
        <ButtonText
          {...text('secondButton')}
          label={say({ it: 'Testo del secondo pulsante', en: 'Text of the second button' })}
          hint={say({
            it: 'Compare sotto il primo. Se è vuoto in tutte le lingue, non c’è.',
            en: 'It stands below the first one. If it is empty in all languages, there is none.',
          })}
        />
        {hasSecond && (
          <ButtonText
            tag=""
            value={draft.secondButtonUrl}
            place="secondButtonUrl"
            error={errorOf('secondButtonUrl')}
            onInput={(secondButtonUrl) => onChange({ secondButtonUrl })}
            label={say({ it: 'Pagina del secondo pulsante', en: 'Page of the second button' })}
            hint={say({
              it: `Una pagina del sito, per esempio ${new URL('/contatti', site.url).href}. Se è vuota, si apre la stessa del primo pulsante. Vale per tutte le lingue.`,
              en: `A page of the site, such as ${new URL('/contatti', site.url).href}. If it is empty, the same as that of the first button. For all languages.`,
            })}
          />
        )}
        {draft.event === 'order-status' && (
          <ButtonText
            {...text('trackingButton')}
            label={say({
              it: 'Testo del pulsante che copia il codice di tracking',
              en: 'Text of the button that copies the tracking code',
            })}
            hint={say({
              it: 'Con un tocco il codice della spedizione è copiato. Compare solo se l’ordine ha il codice. Se è vuoto in tutte le lingue, non c’è.',
              en: 'One touch copies the code of the shipment. It is shown only where the order has the code. If it is empty in all languages, there is none.',
            })}
          />
        )}
        {hasCoupon && (
          <ButtonText
            tag=""
            value={draft.couponCode}
            place="couponCode"
            error={errorOf('couponCode')}
            onInput={(couponCode) => onChange({ couponCode })}
            label={say({ it: 'Codice del coupon', en: 'Code of the coupon' })}
            hint={say({
              it: 'Quello che avete creato nel sito. Il testo lo scrive con il segnaposto “Codice Coupon”. Vale per tutte le lingue; se è vuoto, non c’è un coupon.',
              en: 'The one that you have made on the site. The text writes it with the placeholder “Codice Coupon”. For all languages; if it is empty, there is no coupon.',
            })}
          />
        )}
        {hasCoupon && draft.couponCode.trim() !== '' && (
          <ButtonText
            {...text('couponButton')}
            label={say({
              it: 'Testo del pulsante che copia il coupon',
              en: 'Text of the button that copies the coupon',
            })}
            hint={say({
              it: 'Con un tocco il codice è copiato. Se è vuoto in tutte le lingue, il pulsante non c’è.',
              en: 'One touch copies the code. If it is empty in all languages, there is no button.',
            })}
          />
        )}
      </div>
    </details>
  );
}

interface ButtonTextProps {
  label: string;
  hint: string;
  tag: string;
  value: string;
  place: string;
  error: string | undefined;
  onInput: (value: string) => void;
}

function ButtonText({ label, hint, tag, value, place, error, onInput }: ButtonTextProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          {...control}
          class="input"
          value={value}
          lang={tag || undefined}
          dir="auto"
          autocomplete="off"
          data-place={place}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
