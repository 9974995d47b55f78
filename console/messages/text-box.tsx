/** The text of a message in one language: a textarea with what it means coloured behind it, and the buttons for it. */

import type { Ref } from 'preact';
import { useId, useImperativeHandle, useRef, useState } from 'preact/hooks';
import { number, type Sentence, say } from '../i18n/language.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import type { CataloguePlaceholder } from './api.ts';
import { asAttribute, type Edit, inserted, type Selected, wrapped } from './formatting.ts';
import { highlighted, markedAt, type Piece, type Range } from './highlight.ts';
import { PlaceholderList } from './placeholder-list.tsx';
import { offsetOf, type Place } from './places.ts';

export interface TextBoxHandle {
  /** Puts the caret at what a place names. */
  show: (place: Place) => void;
}

interface TextBoxProps {
  tag: string;
  label: string;
  value: string;
  placeholders: readonly CataloguePlaceholder[];
  errors: readonly Place[];
  warnings: readonly Place[];
  /** Of the message with the values that are shown; absent while nothing is known. */
  length: { length: number; maxLength: number } | undefined;
  handle: Ref<TextBoxHandle>;
  onInput: (value: string) => void;
}

interface Format {
  name: string;
  words: Sentence;
  /** With Ctrl, or ⌘. */
  key?: string;
  tag: string;
}

const FORMATS: readonly Format[] = [
  { name: 'bold', words: { it: 'Grassetto', en: 'Bold' }, key: 'b', tag: 'b' },
  { name: 'italic', words: { it: 'Corsivo', en: 'Italic' }, key: 'i', tag: 'i' },
  { name: 'underline', words: { it: 'Sottolineato', en: 'Underlined' }, key: 'u', tag: 'u' },
  { name: 'quotation', words: { it: 'Citazione', en: 'Quotation' }, tag: 'blockquote' },
];

const LINK_KEY = 'k';

/** Beyond so many characters nothing is coloured: it would slow every key down. */
const MAX_HIGHLIGHTED = 8_192;

export function TextBox(props: TextBoxProps) {
  const { tag, label, value, placeholders, errors, warnings, length, handle, onInput } = props;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [linked, setLinked] = useState<Selected>();
  const known = new Set(placeholders.map(({ key }) => key));
  const isColoured = value.length <= MAX_HIGHLIGHTED;
  const rangeOf = ({ position }: Place): Range | undefined =>
    position && markedAt(value, offsetOf(value, position));

  const show = (place: Place) => {
    const range = rangeOf(place);
    area.current?.focus();
    if (range) area.current?.setSelectionRange(range.start, range.end);
  };
  useImperativeHandle(handle, () => ({ show }));

  const selected = (): Selected => ({
    value: area.current?.value ?? '',
    start: area.current?.selectionStart ?? 0,
    end: area.current?.selectionEnd ?? 0,
  });
  const apply = (edit: Edit) => {
    if (area.current) typeInto(area.current, edit);
  };
  const format = ({ tag: name }: Format) => apply(wrapped(selected(), `<${name}>`, `</${name}>`));

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const key = event.key.toLowerCase();
    const wanted = FORMATS.find((each) => each.key === key);
    if (!wanted && key !== LINK_KEY) return;
    event.preventDefault();
    if (wanted) format(wanted);
    else setLinked(selected());
  };

  return (
    <div class="text-box">
      <label class="text-label" for={id}>
        {label}
      </label>
      <details class="hint">
        <summary>
          {say({ it: 'Che cosa vogliono dire le parole colorate', en: 'What the coloured words mean' })}
        </summary>
        <p>
          {say({
            it: 'Al posto di ogni {{segnaposto}}, colorato, chi riceve il messaggio legge il valore che lo riguarda; ciò che sta tra {{#segnaposto}} e {{/segnaposto}} compare solo se il valore c’è. Segni come <b> e </b> danno l’aspetto al testo: li mettono i pulsanti. I segnaposto si inseriscono dall’elenco qui sotto.',
            en: 'In place of each coloured {{placeholder}}, whoever gets the message reads their own value; what stands between {{#placeholder}} and {{/placeholder}} is shown only if there is one. Marks such as <b> and </b> give the text its look: the buttons put them there. Placeholders are inserted from the list below.',
          })}
        </p>
      </details>
      <fieldset class="toolbar" aria-label={say({ it: 'Aspetto del testo', en: 'Look of the text' })}>
        {FORMATS.map((each) => (
          <button
            key={each.name}
            type="button"
            class={`tool ${each.name}`}
            title={titleOf(each.words, each.key)}
            aria-label={titleOf(each.words, each.key)}
            onClick={() => format(each)}
          >
            {say(each.words)}
          </button>
        ))}
        <button
          type="button"
          class="tool link"
          title={titleOf(LINK, LINK_KEY)}
          aria-label={titleOf(LINK, LINK_KEY)}
          onClick={() => setLinked(selected())}
        >
          {say({ it: 'Link', en: 'Link' })}
        </button>
      </fieldset>
      <div class={`highlighted ${errors.length > 0 ? 'invalid' : ''}`}>
        <div class="highlights" aria-hidden="true" dir="auto">
          {(isColoured
            ? highlighted(
                value,
                known,
                errors.map(rangeOf).filter((range) => range !== undefined),
              )
            : [{ text: value, isWrong: false }]
          ).map(({ text, kind, isWrong }: Piece, index) => (
            <span key={index} class={[kind, isWrong && 'wrong'].filter(Boolean).join(' ') || undefined}>
              {text}
            </span>
          ))}
          {/* A line break at the end would have no line of its own. */}
          {'\u200b'}
        </div>
        <textarea
          ref={area}
          id={id}
          value={value}
          lang={tag}
          dir="auto"
          spellcheck
          autocomplete="off"
          data-place={`text/${tag}`}
          aria-invalid={errors.length > 0 ? true : undefined}
          aria-describedby={`${id}-counter ${id}-places`}
          onInput={(event) => onInput(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div class="below-text">
        <p class="counter" id={`${id}-counter`}>
          {length ? lengthWords(length) : '\u00a0'}
        </p>
        <div id={`${id}-places`} class="places">
          <Places places={errors} kind="bad" onShow={show} />
          <Places places={warnings} kind="warning" onShow={show} />
        </div>
      </div>
      <PlaceholderList
        placeholders={placeholders}
        onInsert={(text) => apply(inserted(selected(), text))}
        onWrap={(key) => {
          const now = selected();
          const isNothing = now.value.slice(now.start, now.end).trim() === '';
          if (isNothing) apply(inserted(now, `{{#${key}}} {{${key}}}{{/${key}}}`));
          else apply(wrapped(now, `{{#${key}}}`, `{{/${key}}}`));
        }}
      />
      {linked && (
        <LinkDialog
          selected={linked}
          onClose={() => setLinked(undefined)}
          onChosen={(address, text) => {
            setLinked(undefined);
            const html = `<a href="${asAttribute(address)}">${text}</a>`;
            // After the dialog has given the focus back to where it was.
            requestAnimationFrame(() => apply(inserted(linked, html)));
          }}
        />
      )}
    </div>
  );
}

const LINK: Sentence = { it: 'Link', en: 'Link' };

function titleOf(words: Sentence, key: string | undefined): string {
  return key === undefined ? say(words) : `${say(words)} (Ctrl+${key.toUpperCase()})`;
}

function lengthWords({ length, maxLength }: { length: number; maxLength: number }): string {
  return say({
    it: `${number(length)} caratteri su ${number(maxLength)}, con i valori dell’anteprima`,
    en: `${number(length)} of ${number(maxLength)} characters, with the values of the preview`,
  });
}

/** As if it was typed, so that "undo" takes it back. */
function typeInto(area: HTMLTextAreaElement, { start, end, replacement, selection }: Edit): void {
  area.focus();
  area.setSelectionRange(start, end);
  // The only way to change a text and keep what can be undone; all browsers have it.
  const isDone =
    replacement === ''
      ? document.execCommand('delete')
      : document.execCommand('insertText', false, replacement);
  if (!isDone) {
    area.setRangeText(replacement, start, end);
    area.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }
  area.setSelectionRange(...selection);
}

interface PlacesProps {
  places: readonly Place[];
  kind: 'bad' | 'warning';
  onShow: (place: Place) => void;
}

function Places({ places, kind, onShow }: PlacesProps) {
  if (places.length === 0) return null;
  return (
    <ul class={`place-list ${kind}`}>
      {places.map((place) => (
        <li key={`${place.detail} ${place.position?.line} ${place.position?.character}`}>
          <span dir="auto">
            {kind === 'bad' ? '' : `${say({ it: 'Attenzione', en: 'Mind' })}: `}
            {place.detail}
          </span>
          {place.position && (
            <Button kind="plain" onClick={() => onShow(place)}>
              {say({ it: `Vai alla riga ${place.position.line}`, en: `Go to line ${place.position.line}` })}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

interface LinkDialogProps {
  selected: Selected;
  onClose: () => void;
  onChosen: (address: string, text: string) => void;
}

function LinkDialog({ selected: { value, start, end }, onClose, onChosen }: LinkDialogProps) {
  const [address, setAddress] = useState('{{urlSito}}/');
  const [text, setText] = useState(value.slice(start, end));
  const [isTried, setIsTried] = useState(false);
  const missing = say({ it: 'Scrivere qualcosa qui.', en: 'Write something here.' });
  return (
    <Dialog title={say({ it: 'Inserisci un link', en: 'Insert a link' })} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setIsTried(true);
          if (address.trim() !== '' && text.trim() !== '') onChosen(address.trim(), text);
        }}
      >
        <TextField
          label={say({ it: 'Testo che si tocca', en: 'Text that is touched' })}
          value={text}
          error={isTried && text.trim() === '' ? missing : undefined}
          onInput={setText}
        />
        <TextField
          label={say({ it: 'Indirizzo', en: 'Address' })}
          hint={say({
            it: 'Una pagina del vostro sito comincia con {{urlSito}}/ e un’altra con https://',
            en: 'A page of your site begins with {{urlSito}}/ and any other one with https://',
          })}
          value={address}
          error={isTried && address.trim() === '' ? missing : undefined}
          onInput={setAddress}
        />
        <div class="buttons">
          <Button kind="primary" type="submit">
            {say({ it: 'Inserisci', en: 'Insert' })}
          </Button>
          <Button onClick={onClose}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
        </div>
      </form>
    </Dialog>
  );
}
